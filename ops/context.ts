import { readFileSync } from "node:fs";
import { homedir } from "node:os";
import { join, resolve } from "node:path";
import { parse } from "yaml";
import { valueAt } from "../components/lib/fault";
import { UserError } from "../components/lib/user-error";
import { yamlReason } from "../components/lib/yaml-reason";
import { type ClusterConfig, parseClusterConfig, parseEnvironment } from "../stacks/config";

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
    return join(this.root, this.settingsName);
  }

  /** Folder of Pulumi's local file backend. */
  public get backend(): string {
    return join(this.root, ".swarmstead", "state");
  }

  /** The generated SSH configuration. */
  public get sshConfig(): string {
    return join(this.state, "ssh", "config");
  }

  /** Whether the stack's machines are VMs on this computer. */
  public get isLab(): boolean {
    const kind: string = this.config().platform.kind;
    return kind === "lab";
  }

  /**
   * The environment as its file describes it.
   *
   * @throws {UserError} if there is no such file
   * @throws {ConfigError} with all faults of the file
   */
  public config(): ClusterConfig {
    return parseClusterConfig(this.settings(), this.settingsName);
  }

  /**
   * The same for a command that is about to make it come true: with the compose files of its apps checked.
   *
   * @throws {UserError} if there is no such file
   * @throws {ConfigError} with all faults of all files
   */
  public wantedConfig(): ClusterConfig {
    return parseEnvironment(this.settings(), this.settingsName);
  }

  private get settingsName(): string {
    return `Pulumi.${this.stack}.yaml`;
  }

  private settings(): unknown {
    const text = this.readSettings();
    let settings: unknown;
    try {
      settings = parse(text);
    } catch (error) {
      const reason = yamlReason(error as Error);
      throw new UserError(`${this.settingsName}: must be YAML, got ${reason}; mend that place`);
    }
    if (typeof valueAt(settings, ["config", "swarmstead:seed"]) === "string") {
      throw new UserError(
        `${this.settingsName}: swarmstead:seed: must be encrypted, got plain text; take it out, and set it by ./swarmstead pulumi config set --secret swarmstead:seed`,
      );
    }
    return valueAt(settings, ["config", "swarmstead:cluster"]);
  }

  private readSettings(): string {
    try {
      return readFileSync(this.settingsFile, "utf8");
    } catch (error) {
      const { code = "" } = error as NodeJS.ErrnoException;
      throw new UserError(
        code === "ENOENT"
          ? `--stack: there is no ${this.settingsName}; copy Pulumi.dev.yaml to it and change what differs`
          : `${this.settingsName}: must be a file that can be read, got ${code}; look at it with ls -l`,
      );
    }
  }
}
