import { randomBytes } from "node:crypto";
import { existsSync, mkdirSync, readFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { LocalWorkspace, type Stack } from "@pulumi/pulumi/automation";
import { parse, stringify } from "yaml";
import { linkWhole, writeWhole } from "../components/lib/write-whole";
import { type ClusterOptions, createCluster } from "../stacks/cluster";
import { loadClusterConfig, loadSeed } from "../stacks/config";
import { cliInSession } from "./cli-session";
import type { Context } from "./context";
import { interruption } from "./interruption";
import { dropAttributes, localBackendUrl, releaseStaleLocks } from "./local-backend";
import { type PluginOrigin, pluginPath, pulumiHome } from "./plugins";
import { withProgress } from "./progress";
import { type CliOrigin, ensurePulumiCli } from "./pulumi-cli";

/** A stack that is ready for an operation, and what its commands run with. */
export interface Engine {
  stack: Stack;
  /** Path of Pulumi's CLI. */
  cli: string;
  /** Folder that stands for the project: the settings in it may be written, the checkout's are not. */
  workDir: string;
  /** How the CLI and the plugins were had. */
  origin: { version: string; cliOrigin: CliOrigin; pluginOrigin: PluginOrigin };
  /** What the CLI needs beside the environment of this process. */
  env: Record<string, string>;
}

/** Whether the user has chosen another backend than the local one, by `PULUMI_BACKEND_URL` or `pulumi login`. */
export function choseBackend(): boolean {
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
    writeWhole(file, `${randomBytes(24).toString("base64url")}\n`, 0o600);
  }
  return file;
}

/** Where Pulumi writes how it encrypts: a passphrase's salt, or a key service and the data key that it keeps. */
const ENCRYPTION_KEYS = ["encryptionsalt", "secretsprovider", "encryptedkey"];

/** How the stack is encrypted by what Pulumi has written; a killed CLI may leave half a file, and Pulumi makes another. */
function encryptionIn(file: string): Record<string, unknown> {
  try {
    const settings = parse(readFileSync(file, "utf8")) as Record<string, unknown> | null;
    const kept = ENCRYPTION_KEYS.flatMap((key) => (settings?.[key] ? [[key, settings[key]]] : []));
    return Object.fromEntries(kept) as Record<string, unknown>;
  } catch {
    return {};
  }
}

/**
 * Brings the checkout's settings of the stack into the folder that stands for the project. Pulumi writes how it encrypts
 * into the settings that it is given, and no command may change a tracked file.
 */
function copySettings(context: Context, workDir: string): void {
  const target = join(workDir, `Pulumi.${context.stack}.yaml`);
  const settings = parse(readFileSync(context.settingsFile, "utf8")) as Record<string, unknown>;
  writeWhole(target, stringify({ ...encryptionIn(target), ...settings }));
}

/**
 * Opens the stack under Pulumi's real engine, with the program inline.
 *
 * @param options for the program; a seed here goes before one in the settings
 * @throws {UserError} if the engine cannot be had
 * @throws {ConfigError} with all faults of the stack's file
 */
export async function openEngine(context: Context, options: ClusterOptions = {}): Promise<Engine> {
  // Before anything is made: a fault of the file changes nothing.
  const { kind } = context.config().platform;
  const workDir = join(context.state, "project");
  mkdirSync(workDir, { recursive: true, mode: 0o700 });
  mkdirSync(context.backend, { recursive: true, mode: 0o700 });
  // The program names the SSH configuration by a path relative to the project, wherever that is.
  linkWhole(dirname(context.state), join(workDir, ".swarmstead"));
  copySettings(context, workDir);

  const found = await withProgress("getting Pulumi's CLI", (report) =>
    ensurePulumiCli(context.cache, report),
  );
  const plugins = await withProgress("getting the plugins", () =>
    pluginPath(context.cache, found.path, kind),
  );
  const own = choseBackend();
  const env = {
    PATH: [...plugins.folders, dirname(found.path), process.env.PATH ?? ""].join(":"),
    PULUMI_SKIP_UPDATE_CHECK: "true",
    PULUMI_AUTOMATION_API_SKIP_VERSION_CHECK: "true",
    SWARMSTEAD_STATE: context.state,
    SWARMSTEAD_CACHE: context.cache,
    ...(own ? {} : { PULUMI_BACKEND_URL: localBackendUrl(context.backend) }),
    ...(own || process.env.PULUMI_CONFIG_PASSPHRASE !== undefined
      ? {}
      : { PULUMI_CONFIG_PASSPHRASE_FILE: passphraseFile(context) }),
  };
  process.env.SWARMSTEAD_STATE = context.state;
  if (!own) {
    dropAttributes(context.backend);
    releaseStaleLocks(context.backend);
  }
  const pulumiCommand = await cliInSession(found.path);
  const program = (): Promise<Record<string, unknown>> => {
    const seed = options.seed ?? loadSeed();
    return Promise.resolve({ ...createCluster(loadClusterConfig(), { ...options, seed }) });
  };
  const stack = await interruption.operate(() =>
    LocalWorkspace.createOrSelectStack(
      { stackName: context.stack, projectName: "swarmstead", program },
      { workDir, envVars: env, pulumiCommand },
    ),
  );
  const origin = { version: found.version, cliOrigin: found.how, pluginOrigin: plugins.how };
  return { stack, cli: found.path, workDir, env, origin };
}
