import { powerOn } from "../components/lab/lab-computer";
import { generationOf, listVms, runningPid, runningSeconds } from "../components/lab/lab-vms";
import { prepareLab } from "../components/lab/prepare-lab";
import { stackNames } from "../stacks/stack-names";
import type { Context } from "./context";
import { ownNetworks, poolOverlaps } from "./own-networks";
import { withProgress } from "./progress";

/**
 * Makes this computer ready for the lab's VMs, and starts those that exist; nothing on other platforms.
 *
 * @param skipped machines that are left as they are
 * @returns the machines that were started
 */
export async function readyLab(context: Context, skipped: readonly string[]): Promise<string[]> {
  const config = context.config();
  const { platform } = config;
  if (!context.isLab) {
    return [];
  }
  const { state, cache, root } = context;
  const openPorts = config.network.open
    .filter((port) => port.endsWith("/tcp"))
    .map((port) => Number.parseInt(port, 10));
  const [machines, apps] = [Object.keys(config.machines), stackNames(config)];
  const { cidr } = config.network;
  // Where there are VMs, the pools are in use and this computer may have moved: too late to choose others.
  const faults = listVms(state).length > 0 ? [] : poolOverlaps(config, ownNetworks());
  const entry = config.entry?.address;
  const places = { state, cache, root, cidr, entry };
  const request = { ...places, apps, machines, openPorts, size: platform, faults };
  await withProgress("getting this computer ready for the lab", (report) =>
    prepareLab({ ...request, report }),
  );
  const wanted = listVms(state).filter((name) => !skipped.includes(name));
  const stopped = wanted.filter((name) => runningPid(state, name) === null);
  // For one that runs it makes sure of the network that they share.
  await withProgress("starting the VMs that there are", () => powerOn(state, wanted));
  return machines.filter((name) => stopped.includes(name));
}

/** Machines that are there already, and are to be as they are: not left out, not about to be rebuilt. */
export function knownMachines(context: Context, skipped: readonly string[]): string[] {
  const { machines } = context.config();
  return Object.entries(machines)
    .filter(([name, { generation }]) => {
      const is = !context.isLab || generationOf(context.state, name) === generation;
      return is && !skipped.includes(name) && listVms(context.state).includes(name);
    })
    .map(([name]) => name);
}

/** The machines among these whose VMs were switched on less than so many seconds ago: they may still boot. */
export function justSwitchedOn(
  context: Context,
  names: readonly string[],
  seconds: number,
): string[] {
  return names.filter((name) => {
    const since = context.isLab ? runningSeconds(context.state, name) : null;
    return since !== null && since < seconds;
  });
}
