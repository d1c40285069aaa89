import { setTimeout as sleep } from "node:timers/promises";
import { UserError } from "../components/lib/user-error";
import type { Context } from "./context";
import { lookAt, type MachineView } from "./machine-view";
import { withProgress } from "./progress";

const PAUSE_MS = 3000;

/** How long a machine that was there before may be silent, for a link that blinked. */
const OTHERS_LIMIT_SECONDS = 30;

/** A manager of a swarm that has no quorum yet will have one once the others are back. */
function isReady({ reachable, swarmState, nodes }: MachineView, manager: boolean): boolean {
  return reachable && (!manager || swarmState !== "active" || nodes.length > 0);
}

/** Nothing to wait for: a machine has its pinned key before it answers at all. */
function isStranger({ error }: MachineView): boolean {
  return error.includes("Host key verification failed");
}

function renderSilence(view: MachineView): string {
  const { name, error } = view;
  if (isStranger(view)) {
    return `${name}: shows another host key than the one that is pinned; nothing was sent to it; find out who answers at its address; where it was rebuilt by hand, raise machines.${name}.generation`;
  }
  return `${name}: does not answer by SSH (${error}); bring it back, leave it out by --skip ${name}, or raise machines.${name}.generation to have it rebuilt`;
}

/**
 * Waits until machines that were just started answer, and their swarm has a quorum, so that steps of the cluster find a
 * manager; the others are asked whether they answer at all.
 *
 * @param started machines of the config that were started just now
 * @param others machines that should have been there all the time
 * @throws {UserError} naming every machine that does not answer, and why; at once where one shows another host key
 */
export async function awaitMachines(
  context: Context,
  started: readonly string[],
  others: readonly string[],
  limitSeconds: number,
): Promise<void> {
  const { machines } = context.config();
  const begun = Date.now();
  await withProgress("waiting for the machines", async (report) => {
    let waiting = [...started, ...others];
    while (waiting.length > 0) {
      report(waiting.join(", "));
      const views = await Promise.all(waiting.map((name) => lookAt(context, name)));
      const silent = views.filter(({ reachable }) => !reachable);
      const seconds = (Date.now() - begun) / 1000;
      const isLate = ({ name }: MachineView): boolean =>
        seconds > (started.includes(name) ? limitSeconds : OTHERS_LIMIT_SECONDS);
      if (silent.some((view) => isStranger(view) || isLate(view))) {
        throw new UserError(silent.map(renderSilence).join("\n"));
      }
      waiting = views
        .filter((view) => !isReady(view, machines[view.name]?.role === "manager"))
        .map(({ name }) => name);
      if (seconds > (started.length > 0 ? limitSeconds : OTHERS_LIMIT_SECONDS)) {
        // They answer, but their swarm has no quorum: what fails for it says why.
        return;
      }
      await sleep(waiting.length > 0 ? PAUSE_MS : 0);
    }
  });
}
