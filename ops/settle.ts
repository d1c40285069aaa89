import { setTimeout as sleep } from "node:timers/promises";
import type { ClusterStatus } from "./cluster-status";
import type { Context } from "./context";
import { lookAt, type MachineView } from "./machine-view";
import { withProgress } from "./progress";
import { readStatus } from "./status";

const PAUSE_MS = 3000;

/** A manager of a swarm that has no quorum yet will have one once the others are back. */
function isReady({ reachable, swarmState, nodes }: MachineView, manager: boolean): boolean {
  return reachable && (!manager || swarmState !== "active" || nodes.length > 0);
}

/**
 * Waits until machines that were just started answer, and their swarm has a quorum, so that steps of the cluster find a
 * manager. Goes on after the limit all the same: what then fails says why.
 *
 * @param names machines of the config
 */
export async function awaitMachines(
  context: Context,
  names: readonly string[],
  limitSeconds: number,
): Promise<void> {
  const { machines } = context.config();
  const deadline = Date.now() + limitSeconds * 1000;
  await withProgress("waiting for the machines that were started", async (report) => {
    let waiting = names;
    while (waiting.length > 0 && Date.now() < deadline) {
      report(waiting.join(", "));
      const views = await Promise.all(waiting.map((name) => lookAt(context, name)));
      waiting = views
        .filter((view) => !isReady(view, machines[view.name]?.role === "manager"))
        .map(({ name }) => name);
      await sleep(waiting.length > 0 ? PAUSE_MS : 0);
    }
  });
}

/**
 * Looks at the environment until nothing is wrong with it, or the limit is reached.
 *
 * @param limitSeconds 0 for a single look
 */
export async function settledStatus(
  context: Context,
  limitSeconds: number,
): Promise<ClusterStatus> {
  const deadline = Date.now() + limitSeconds * 1000;
  return withProgress("looking at the result", async (report) => {
    for (;;) {
      const status = await readStatus(context);
      const [first] = status.problems;
      if (!first || Date.now() >= deadline) {
        return status;
      }
      report(`${first.where}: ${first.what}`);
      await sleep(PAUSE_MS);
    }
  });
}
