import { execFile } from "node:child_process";
import { existsSync, mkdirSync, readFileSync } from "node:fs";
import { homedir } from "node:os";
import { delimiter, join } from "node:path";
import { promisify } from "node:util";
import { writeWhole } from "../components/lib/write-whole";
import { dependencies } from "../package.json";

const run = promisify(execFile);

/** Plugins that the lab's resources need, by the npm packages whose versions they share. */
const PLUGINS = {
  command: dependencies["@pulumi/command"],
  docker: dependencies["@pulumi/docker"],
  random: dependencies["@pulumi/random"],
} as const;

const STAND_INS = join(__dirname, "../tools/plugins/bin");

/** A network that refuses the download is known by this within so many seconds. */
const PROBE_SECONDS = 20;
const FETCH_SECONDS = 600;

/** Where the engine's first plugin would come from. */
const PROBE_URL = "https://get.pulumi.com/";

/**
 * How the plugins are had: left to the engine, installed already, on PATH, fetched just now, or replaced by the
 * stand-ins.
 */
export type PluginOrigin = "engine" | "installed" | "path" | "fetched" | "stand-ins";

export interface PluginPath {
  /** Folders to be put before PATH for the engine; none where it finds the plugins by itself. */
  folders: readonly string[];
  how: PluginOrigin;
}

/** Pulumi's own folder of this user. */
export function pulumiHome(): string {
  return process.env.PULUMI_HOME ?? join(homedir(), ".pulumi");
}

function everyPlugin(isThere: (name: string, version: string) => boolean): boolean {
  return Object.entries(PLUGINS).every(([name, version]) => isThere(name, version));
}

function areInstalled(): boolean {
  return everyPlugin((name, version) =>
    existsSync(join(pulumiHome(), "plugins", `resource-${name}-v${version}`)),
  );
}

function areOnPath(): boolean {
  const folders = (process.env.PATH ?? "").split(delimiter);
  return everyPlugin((name) =>
    folders.some((folder) => existsSync(join(folder, `pulumi-resource-${name}`))),
  );
}

async function fetchPlugins(cli: string): Promise<boolean> {
  try {
    await fetch(PROBE_URL, { method: "HEAD", signal: AbortSignal.timeout(PROBE_SECONDS * 1000) });
    const env = { ...process.env, PULUMI_SKIP_UPDATE_CHECK: "true" };
    for (const [name, version] of Object.entries(PLUGINS)) {
      const args = ["plugin", "install", "resource", name, version];
      await run(cli, args, { env, timeout: FETCH_SECONDS * 1000 });
    }
    return true;
  } catch {
    return false;
  }
}

/**
 * Decides how the lab's engine gets its plugins: the real ones where they are there or can be fetched, else the
 * stand-ins, which are test equipment. Other platforms always leave it to the engine.
 *
 * That they cannot be fetched is remembered in `<cache>/plugins`; deleting that file has it tried again.
 *
 * @param cache folder that all stacks of the user share
 * @param cli path of Pulumi's CLI
 * @param platform kind of the environment's platform
 */
export async function pluginPath(
  cache: string,
  cli: string,
  platform: string,
): Promise<PluginPath> {
  if (platform !== "lab") {
    return { folders: [], how: "engine" };
  }
  if (areInstalled()) {
    return { folders: [], how: "installed" };
  }
  if (areOnPath()) {
    return { folders: [], how: "path" };
  }
  const memory = join(cache, "plugins");
  const refused = existsSync(memory) && readFileSync(memory, "utf8").trim() === "stand-ins";
  if (!refused && (await fetchPlugins(cli))) {
    return { folders: [], how: "fetched" };
  }
  if (!refused) {
    mkdirSync(cache, { recursive: true });
    writeWhole(memory, "stand-ins\n");
  }
  return { folders: [STAND_INS], how: "stand-ins" };
}
