import { randomBytes } from "node:crypto";
import { existsSync, mkdirSync, readFileSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { LocalWorkspace, PulumiCommand, type Stack } from "@pulumi/pulumi/automation";
import { parse, stringify } from "yaml";
import { createCluster } from "../stacks/cluster";
import { loadClusterConfig } from "../stacks/config";
import type { Context } from "./context";
import { pluginPath, pulumiHome } from "./plugins";
import { withProgress } from "./progress";
import { ensurePulumiCli } from "./pulumi-cli";
import { releaseStaleLocks } from "./stale-locks";

/** A stack that is ready for an operation, and what its commands run with. */
export interface Engine {
  stack: Stack;
  /** Path of Pulumi's CLI. */
  cli: string;
  /** Folder that stands for the project: the settings in it may be written, the checkout's are not. */
  workDir: string;
  /** What the CLI needs beside the environment of this process. */
  env: Record<string, string>;
}

/** Whether the user has chosen another backend than the local one, by `PULUMI_BACKEND_URL` or `pulumi login`. */
function choseBackend(): boolean {
  if (process.env.PULUMI_BACKEND_URL) {
    return true;
  }
  try {
    const file = readFileSync(join(pulumiHome(), "credentials.json"), "utf8");
    return Boolean((JSON.parse(file) as { current?: string }).current);
  } catch {
    return false;
  }
}

/** The passphrase that encrypts the stack's secrets; made at first use, readable by its owner alone. */
function passphraseFile(context: Context): string {
  const file = join(context.state, "passphrase");
  if (!existsSync(file)) {
    writeFileSync(file, `${randomBytes(24).toString("base64url")}\n`, { mode: 0o600 });
  }
  return file;
}

/**
 * Brings the checkout's settings of the stack into the folder that stands for the project. Pulumi writes its encryption
 * salt into the settings that it is given, and no command may change a tracked file.
 */
function copySettings(context: Context, workDir: string): void {
  const target = join(workDir, `Pulumi.${context.stack}.yaml`);
  const settings = parse(readFileSync(context.settingsFile, "utf8")) as Record<string, unknown>;
  const before = existsSync(target)
    ? (parse(readFileSync(target, "utf8")) as Record<string, unknown> | null)
    : null;
  const salt = settings.encryptionsalt ?? before?.encryptionsalt;
  writeFileSync(target, stringify({ ...(salt ? { encryptionsalt: salt } : {}), ...settings }));
}

/**
 * Opens the stack under Pulumi's real engine, with the program inline.
 *
 * @throws {UserError} if the engine cannot be had
 * @throws {ConfigError} with all faults of the stack's file
 */
export async function openEngine(context: Context): Promise<Engine> {
  // Before anything is made: a fault of the file changes nothing.
  const { kind } = context.config().platform;
  const workDir = join(context.state, "project");
  mkdirSync(workDir, { recursive: true, mode: 0o700 });
  mkdirSync(context.backend, { recursive: true, mode: 0o700 });
  // The program names the SSH configuration by a path relative to the project, wherever that is.
  const link = join(workDir, ".swarmstead");
  rmSync(link, { force: true });
  symlinkSync(dirname(context.state), link);
  copySettings(context, workDir);

  const found = await withProgress("getting Pulumi's CLI", (report) =>
    ensurePulumiCli(context.cache, report),
  );
  const plugins = await withProgress("getting the plugins", () =>
    pluginPath(context.cache, found.path, kind),
  );
  const own = choseBackend();
  const env = {
    PATH: [...plugins.folders, process.env.PATH ?? ""].join(":"),
    PULUMI_SKIP_UPDATE_CHECK: "true",
    PULUMI_AUTOMATION_API_SKIP_VERSION_CHECK: "true",
    SWARMSTEAD_STATE: context.state,
    SWARMSTEAD_CACHE: context.cache,
    ...(own ? {} : { PULUMI_BACKEND_URL: `file://${context.backend}` }),
    ...(own || process.env.PULUMI_CONFIG_PASSPHRASE !== undefined
      ? {}
      : { PULUMI_CONFIG_PASSPHRASE_FILE: passphraseFile(context) }),
  };
  process.env.SWARMSTEAD_STATE = context.state;
  if (!own) {
    releaseStaleLocks(context.backend);
  }
  const stack = await LocalWorkspace.createOrSelectStack(
    {
      stackName: context.stack,
      projectName: "swarmstead",
      program: () => Promise.resolve({ ...createCluster(loadClusterConfig()) }),
    },
    {
      workDir,
      envVars: env,
      pulumiCommand: await PulumiCommand.get({ root: dirname(dirname(found.path)) }),
    },
  );
  return { stack, cli: found.path, workDir, env };
}
