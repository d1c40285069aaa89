import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { homedir, tmpdir } from "node:os";
import { dirname, join, resolve } from "node:path";
import {
  type Deployment,
  LocalWorkspace,
  PulumiCommand,
  type Stack,
} from "@pulumi/pulumi/automation";
import { ensurePulumiCli } from "../../ops/pulumi-cli";

const STAND_INS = resolve("tools/plugins/bin");

/** The first run on a computer builds Pulumi's CLI. */
export const FIRST_RUN_MS = 600_000;

/** A stack of its own under the real engine, with the stand-ins for plugins and its state in a throw-away folder. */
export class EngineStack {
  private constructor(
    /** The throw-away folder; for whatever the program leaves, too. */
    readonly folder: string,
    private readonly stack: Stack,
  ) {}

  /**
   * @param folder made by `newFolder`, gone after `remove`
   * @param path folders to be put before PATH
   */
  static async open(
    folder: string,
    program: () => Record<string, unknown> | undefined,
    path: string[] = [],
  ): Promise<EngineStack> {
    const cache = join(process.env.XDG_CACHE_HOME ?? join(homedir(), ".cache"), "swarmstead");
    const cli = await ensurePulumiCli(cache, (text) => process.stderr.write(`${text}\n`));
    const workDir = join(folder, "project");
    const state = join(folder, "state");
    mkdirSync(workDir, { recursive: true });
    mkdirSync(state, { recursive: true });
    const stack = await LocalWorkspace.createOrSelectStack(
      { stackName: "test", projectName: "engine", program: () => Promise.resolve(program()) },
      {
        workDir,
        pulumiCommand: await PulumiCommand.get({
          root: dirname(dirname(cli.path)),
          skipVersionCheck: true,
        }),
        envVars: {
          PATH: [...path, STAND_INS, process.env.PATH ?? ""].join(":"),
          PULUMI_BACKEND_URL: `file://${state}`,
          PULUMI_CONFIG_PASSPHRASE: "test",
          PULUMI_SKIP_UPDATE_CHECK: "true",
          PULUMI_AUTOMATION_API_SKIP_VERSION_CHECK: "true",
        },
      },
    );
    return new EngineStack(folder, stack);
  }

  /** What a preview prints, with every property that differs, and the warnings after it. */
  async preview(): Promise<string> {
    const { stdout, stderr } = await this.stack.preview({ diff: true, color: "never" });
    return `${stdout}\n${stderr}`;
  }

  /** The changes that were made: counts by `create`, `update`, `same`, … */
  async up(): Promise<Partial<Record<string, number>>> {
    const { summary } = await this.stack.up({ color: "never", suppressProgress: true });
    return summary.resourceChanges ?? {};
  }

  /** An update that is expected to fail: what it printed. */
  async failingUp(signal?: AbortSignal): Promise<string> {
    const said: string[] = [];
    const note = (text: string): void => {
      said.push(text);
    };
    const options = { onOutput: note, onError: note, color: "never" as const };
    try {
      await this.stack.up({ ...options, ...(signal ? { signal } : {}) });
    } catch {
      return said.join("");
    }
    throw new Error(`the update did not fail:\n${said.join("")}`);
  }

  /** The outputs of the last update. */
  async outputs(): Promise<Record<string, unknown>> {
    const outputs = await this.stack.outputs();
    return Object.fromEntries(Object.entries(outputs).map(([name, { value }]) => [name, value]));
  }

  /** The state, with its secrets in the clear. */
  state(): Promise<Deployment> {
    return this.stack.exportStack();
  }

  async destroy(): Promise<void> {
    await this.stack.destroy({ color: "never", suppressProgress: true });
  }

  /** Releases the lock that a killed engine has left. */
  async unlock(): Promise<void> {
    await this.stack.cancel();
  }

  /** Everything that the engine has written down, histories and backups too. */
  stateText(): string {
    const folder = join(this.folder, "state");
    return readdirSync(folder, { recursive: true, withFileTypes: true })
      .filter((entry) => entry.isFile())
      .map((entry) => readFileSync(join(entry.parentPath, entry.name), "utf8"))
      .join("\n");
  }

  remove(): void {
    rmSync(this.folder, { recursive: true, force: true });
  }
}

/** A throw-away folder for one stack. */
export function newFolder(): string {
  return mkdtempSync(join(tmpdir(), "swarmstead-engine-"));
}
