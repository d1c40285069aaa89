import { existsSync, readFileSync } from "node:fs";
import { homedir } from "node:os";
import { join, resolve } from "node:path";
import { parse } from "yaml";
import { UserError } from "../components/lib/user-error";
import { type ClusterConfig, parseClusterConfig } from "../stacks/config";

/** What every command needs to know: which stack, and where its things are. */
export class Context {
  /** Folder of the checkout. */
  public readonly root = resolve(__dirname, "..");
  /** The stack's own files: state of the lab, SSH configuration, passphrase. */
  public readonly state: string;
  /** What all stacks of this user share and can be made again: images, Pulumi's CLI. */
  public readonly cache = join(
    process.env.XDG_CACHE_HOME ?? join(homedir(), ".cache"),
    "swarmstead",
  );

  public constructor(public readonly stack: string) {
    if (!/^[a-zA-Z0-9][a-zA-Z0-9_.-]{0,63}$/.test(stack)) {
      throw new UserError(
        `--stack: must be letters, digits, dots, dashes and underscores, got ${JSON.stringify(stack)}`,
        2,
      );
    }
    this.state = join(this.root, ".swarmstead", stack);
  }

  /** The stack's settings file, which is never written. */
  public get settingsFile(): string {
    return join(this.root, `Pulumi.${this.stack}.yaml`);
  }

  /** Folder of Pulumi's local file backend. */
  public get backend(): string {
    return join(this.root, ".swarmstead", "state");
  }

  /** The generated SSH configuration. */
  public get sshConfig(): string {
    return join(this.state, "ssh", "config");
  }

  /**
   * The environment as its file describes it.
   *
   * @throws {UserError} if there is no such file
   * @throws {ConfigError} with all faults of the file
   */
  public config(): ClusterConfig {
    const name = `Pulumi.${this.stack}.yaml`;
    if (!existsSync(this.settingsFile)) {
      throw new UserError(
        `--stack: there is no ${name}; copy Pulumi.dev.yaml to it and change what differs`,
      );
    }
    let settings: { config?: Record<string, unknown> } | null;
    try {
      settings = parse(readFileSync(this.settingsFile, "utf8")) as typeof settings;
    } catch (error) {
      throw new UserError(`${name}: is not YAML: ${(error as Error).message.split("\n")[0] ?? ""}`);
    }
    return parseClusterConfig(settings?.config?.["swarmstead:cluster"], name);
  }
}
