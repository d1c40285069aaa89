import { existsSync, mkdirSync, readdirSync, renameSync } from "node:fs";
import { basename, join } from "node:path";
import { CommandError } from "@pulumi/pulumi/automation";
import { UserError } from "../components/lib/user-error";
import type { ClusterOptions } from "../stacks/cluster";
import type { Context } from "./context";
import { choseBackend, type Engine, openEngine } from "./engine";
import { readSeed, reasonOf } from "./stored-seed";

/** Files of the stack that are of no use without each other: state, passphrase, and the settings with its salt. */
function stateFiles({ backend, state, stack }: Context): string[] {
  const folder = join(backend, ".pulumi", "stacks", "swarmstead");
  const names = existsSync(folder) ? readdirSync(folder) : [];
  return [
    ...names.filter((name) => name.startsWith(`${stack}.json`)).map((name) => join(folder, name)),
    join(state, "passphrase"),
    join(state, "project", `Pulumi.${stack}.yaml`),
  ].filter((file) => existsSync(file));
}

/**
 * Moves a state of the local backend that cannot be gone on with to a folder of its own; deletes nothing.
 *
 * @returns the folder
 */
export function setAside(context: Context, now: Date): string {
  const time = now.toISOString().slice(0, 23).replaceAll(/[:.]/g, "-");
  const folder = join(context.state, `lost-${time}`);
  mkdirSync(folder, { recursive: true, mode: 0o700 });
  for (const file of stateFiles(context)) {
    renameSync(file, join(folder, basename(file)));
  }
  return folder;
}

/** Why a state cannot be gone on with. */
class UnfitState extends Error {}

async function open(context: Context, options: ClusterOptions): Promise<Engine> {
  try {
    const engine = await openEngine(context, options);
    const present = await readSeed(engine.stack);
    if (present === undefined || present === options.seed) {
      return engine;
    }
  } catch (error) {
    throw error instanceof CommandError
      ? new UnfitState(`cannot be opened: ${reasonOf(error)}`)
      : error;
  }
  throw new UnfitState("has another recovery key than its machines");
}

/**
 * Opens a stack whose state may be lost: one that cannot be opened, or that an `up` without the machines' seed has made
 * since, is set aside, and an empty one takes its place. A state with the same seed is gone on with, so that an
 * interrupted adoption can be run again.
 *
 * @param options with the seed, which must have been proved at the machines
 * @throws {UserError} if the state lies where it cannot be moved, or no new one can be made
 */
export async function openAnew(context: Context, options: ClusterOptions): Promise<Engine> {
  const { stack } = context;
  try {
    return await open(context, options);
  } catch (error) {
    if (!(error instanceof UnfitState)) {
      throw error;
    }
    const fault = `stack ${stack}: its state ${error.message}`;
    if (choseBackend()) {
      throw new UserError(
        `${fault}; move it away in the backend of your choice, then run this again`,
      );
    }
    process.stderr.write(`${fault}\nwhat there was is kept in ${setAside(context, new Date())}\n`);
  }
  try {
    return await open(context, options);
  } catch (error) {
    if (error instanceof UnfitState) {
      throw new UserError(
        `stack ${stack}: a new state cannot be made, it ${error.message}; where Pulumi.${stack}.yaml holds an encryptionsalt, take it out`,
      );
    }
    throw error;
  }
}
