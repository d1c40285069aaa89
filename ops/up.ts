import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { startLab } from "../components/lab/lab-computer";
import { listVms, runningPid } from "../components/lab/lab-vms";
import { prepareLab } from "../components/lab/prepare-lab";
import type { Command } from "./command";
import type { Context } from "./context";
import { openEngine } from "./engine";
import { runOperation } from "./operation";
import type { Phase } from "./operation-log";
import { withProgress } from "./progress";
import { awaitMachines, settledStatus } from "./settle";
import { renderStatus } from "./status";

/** How long machines that were just started may take until all is well again; an emulated one boots in two minutes. */
const START_LIMIT_SECONDS = 600;

/** How long what was just changed may take to settle, like a task that moves; what is wrong for good is told after it. */
const SETTLE_LIMIT_SECONDS = 60;

/**
 * Makes this computer ready for the lab's VMs, and starts those that exist; nothing on other platforms.
 *
 * @returns the machines that were started
 */
async function readyLab(context: Context): Promise<string[]> {
  const config = context.config();
  const { platform } = config;
  if (platform.kind !== "lab") {
    return [];
  }
  const { state, cache, root } = context;
  const openPorts = config.network.open
    .filter((port) => port.endsWith("/tcp"))
    .map((port) => Number.parseInt(port, 10));
  const machines = Object.keys(config.machines);
  const { cidr } = config.network;
  await withProgress("getting this computer ready for the lab", (report) =>
    prepareLab({ state, cache, root, cidr, machines, openPorts, size: platform, report }),
  );
  const stopped = listVms(state).filter((name) => runningPid(state, name) === null);
  await withProgress("starting the VMs that there are", () => startLab(state));
  return machines.filter((name) => stopped.includes(name));
}

function renderPhases(phases: readonly Phase[]): string {
  return phases
    .map(
      ({ phase, fromSeconds, toSeconds }) =>
        `${phase} ${String(fromSeconds)} to ${String(toSeconds)} s`,
    )
    .join(", ");
}

/** `./swarmstead up` */
export const up: Command = {
  usage: "up",
  summary: "bring the environment to what its file says, and print its addresses",
  details: `Makes what is missing, changes what differs, removes what is no longer wanted, and looks at the result.
On platform lab it also gets this computer ready and starts VMs that were stopped. Running it again is safe at any time.

Exit code: 0 where everything is as wanted at the end, 1 where something is not.`,
  async run(context) {
    context.config();
    const started = Date.now();
    const awakened = await readyLab(context);
    await awaitMachines(context, awakened, START_LIMIT_SECONDS);
    const engine = await openEngine(context);
    const beforeEngineSeconds = (Date.now() - started) / 1000;
    const { phases } = await runOperation("up", (options) => engine.stack.up(options));
    const times = `${JSON.stringify({ beforeEngineSeconds, phases }, null, 2)}\n`;
    writeFileSync(join(context.state, "last-up.json"), times);
    process.stdout.write(
      `times: ready after ${beforeEngineSeconds.toFixed(1)} s; ${renderPhases(phases)}\n`,
    );
    const limit = awakened.length > 0 ? START_LIMIT_SECONDS : SETTLE_LIMIT_SECONDS;
    const status = await settledStatus(context, limit);
    process.stdout.write(`${renderStatus(status)}\n`);
    return status.problems.length === 0 ? 0 : 1;
  },
};
