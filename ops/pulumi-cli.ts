import { execFile } from "node:child_process";
import { existsSync, mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { basename, delimiter, dirname, join } from "node:path";
import { promisify } from "node:util";
import { removeLeftovers } from "../components/lib/leftovers";
import { UserError } from "../components/lib/user-error";
import { buildCli, installCli } from "./pulumi-cli-make";

const run = promisify(execFile);

/** Version that is installed or built where none is on PATH. */
const PULUMI_VERSION = "3.256.0";

/** The SDK in `package.json` speaks to this one and newer ones. */
const OLDEST_VERSION = "3.248.0";

/** How Pulumi's CLI was had: on PATH, by the Automation API's own installer, or built from its Go module. */
export type CliOrigin = "path" | "installer" | "go";

export interface PulumiCli {
  /** Absolute path of the executable, in a folder named `bin`. */
  path: string;
  version: string;
  how: CliOrigin;
}

async function versionOf(path: string): Promise<string | undefined> {
  try {
    const env = { ...process.env, PULUMI_SKIP_UPDATE_CHECK: "true" };
    const { stdout } = await run(path, ["version"], { env, timeout: 30_000 });
    return /^v?(\d+\.\d+\.\d+)/.exec(stdout.trim())?.[1];
  } catch {
    return undefined;
  }
}

function isNewEnough(version: string): boolean {
  return version.localeCompare(OLDEST_VERSION, "en", { numeric: true }) >= 0;
}

async function findOnPath(): Promise<PulumiCli | undefined> {
  for (const folder of (process.env.PATH ?? "").split(delimiter)) {
    const path = join(folder, "pulumi");
    // The Automation API takes a root and looks for bin/pulumi in it.
    if (basename(folder) !== "bin" || !existsSync(path)) {
      continue;
    }
    const version = await versionOf(path);
    if (version && isNewEnough(version)) {
      return { path, version, how: "path" };
    }
  }
  return undefined;
}

async function findInCache(home: string): Promise<PulumiCli | undefined> {
  const path = join(home, "bin/pulumi");
  const version = existsSync(path) ? await versionOf(path) : undefined;
  return version ? { path, version, how: readOrigin(home) } : undefined;
}

function readOrigin(home: string): CliOrigin {
  try {
    return readFileSync(join(home, "how"), "utf8").trim() === "go" ? "go" : "installer";
  } catch {
    return "installer";
  }
}

async function make(
  home: string,
  how: Exclude<CliOrigin, "path">,
  progress: (text: string) => void,
): Promise<PulumiCli> {
  const staging = join(dirname(home), `.new-${String(process.pid)}-${how}`);
  try {
    mkdirSync(join(staging, "bin"), { recursive: true });
    await (how === "go" ? buildCli : installCli)(staging, PULUMI_VERSION, progress);
    if (!(await versionOf(join(staging, "bin/pulumi")))) {
      throw new Error("what came of it does not run here");
    }
    writeFileSync(join(staging, "how"), `${how}\n`);
    rmSync(home, { recursive: true, force: true });
    renameSync(staging, home);
  } finally {
    rmSync(staging, { recursive: true, force: true });
  }
  return { path: join(home, "bin/pulumi"), version: PULUMI_VERSION, how };
}

/**
 * Pulumi's CLI: the one on PATH where it is new enough, else one that was had earlier, else installed by the
 * Automation API, else built from its Go module.
 *
 * What is installed or built stays in `<cache>/pulumi/<version>`; deleting that folder has it all tried again.
 *
 * @param cache folder that all stacks of the user share
 * @param progress is told what goes on at the moment
 * @throws {UserError} naming each way that was tried and why it did not work
 */
export async function ensurePulumiCli(
  cache: string,
  progress: (text: string) => void,
): Promise<PulumiCli> {
  const home = join(cache, "pulumi", PULUMI_VERSION);
  const present = (await findOnPath()) ?? (await findInCache(home));
  if (present) {
    return present;
  }
  mkdirSync(dirname(home), { recursive: true });
  removeLeftovers(dirname(home), /^\.new-(\d+)-/);
  const faults = [`  on PATH: no pulumi ${OLDEST_VERSION} or newer in a folder named bin`];
  for (const how of ["installer", "go"] as const) {
    try {
      return await make(home, how, progress);
    } catch (error) {
      faults.push(`  ${how}: ${(error as Error).message}`);
    }
  }
  throw new UserError(
    `pulumi: its CLI cannot be had\n${faults.join("\n")}\n` +
      "cure: install Pulumi (https://www.pulumi.com/docs/install) or Go 1.26 or newer, and run this again",
  );
}
