import { join } from "node:path";
import { writeWhole } from "../components/lib/write-whole";
import { awaitMachines } from "./await-machines";
import type { Command } from "./command";
import type { Context } from "./context";
import { exportState } from "./doctor/diagnosis";
import { SETTLE_LIMIT_SECONDS, settle } from "./doctor/settle";
import { type Engine, openEngine } from "./engine";
import { renderWays } from "./entry-ways";
import { awaitLocks, OTHER_LIMIT_SECONDS } from "./local-backend";
import { runOperation } from "./operation";
import type { Phase } from "./operation-log";
import { clearPending } from "./pending-operations";
import { requireNames } from "./power";
import { justSwitchedOn, knownMachines, readyLab } from "./ready-lab";
import { renderStatus } from "./status";
import { urnsOfMachines } from "./stored-steps";

/** How long machines that were just started may take until all is well again; an emulated one boots in two minutes. */
const START_LIMIT_SECONDS = 600;

function renderPhases(phases: readonly Phase[]): string {
  return phases
    .map(
      ({ phase, fromSeconds, toSeconds }) =>
        `${phase} ${String(fromSeconds)} to ${String(toSeconds)} s`,
    )
    .join(", ");
}

/**
 * Brings the environment to what its file says.
 *
 * @param open gives the engine; nothing on a machine is to be changed by it
 * @param skipped machines that are left as they are
 * @returns the exit code
 */
export async function bringUp(
  context: Context,
  open: () => Promise<Engine>,
  skipped: readonly string[] = [],
): Promise<number> {
  const { machines } = context.wantedConfig();
  requireNames("--skip", Object.keys(machines), skipped);
  const started = Date.now();
  const known = knownMachines(context, skipped);
  const awakened = await readyLab(context, skipped);
  // An up that was interrupted, or `power on`, may have started some a moment ago.
  const booting = justSwitchedOn(context, [...awakened, ...known], START_LIMIT_SECONDS);
  const others = known.filter((name) => !booting.includes(name));
  process.env.SWARMSTEAD_SKIP = skipped.join(" ");
  // Beside each other, as both take seconds: to open the stack changes nothing on any machine.
  const [engine] = await Promise.all([
    awaitLocks(context.backend, context.stack, OTHER_LIMIT_SECONDS).then(open),
    awaitMachines(context, [...new Set(booting)], others, START_LIMIT_SECONDS),
  ]);
  await clearPending(context, engine);
  const exclude =
    skipped.length > 0 ? urnsOfMachines(await exportState(engine, context.stack), skipped) : [];
  const beforeEngineSeconds = (Date.now() - started) / 1000;
  const { phases } = await runOperation("up", (options) =>
    engine.stack.up({ ...options, ...(exclude.length > 0 ? { exclude } : {}) }),
  );
  const times = `${JSON.stringify({ beforeEngineSeconds, phases }, null, 2)}\n`;
  writeWhole(join(context.state, "last-up.json"), times);
  process.stdout.write(
    `times: ready after ${beforeEngineSeconds.toFixed(1)} s; ${renderPhases(phases)}\n`,
  );
  const restFirst = awakened.length > 0;
  const limitSeconds = restFirst ? START_LIMIT_SECONDS : SETTLE_LIMIT_SECONDS;
  const { status } = await settle(context, engine, { skipped, limitSeconds, restFirst });
  process.stdout.write(`${[renderStatus(status), ...renderWays(status)].join("\n")}\n`);
  return status.problems.length === 0 ? 0 : 1;
}

/** `./swarmstead up` */
export const up: Command = {
  usage: "up [--skip NAME]…",
  summary: "bring the environment to what its file says, and print its addresses",
  acts: true,
  details: `Makes what is missing, changes what differs, removes what is no longer wanted; then examines everything as doctor does,
and repairs what drifted. On platform lab it also gets this computer ready and starts VMs that were stopped. Running it
again is safe at any time.

What restarts something on a machine goes machine by machine, and only while every other one is well. A machine that does
not answer stops it before anything is changed.

  --skip NAME   leave a machine out, as it is; for one that is down and shall not hold up the others

Exit code: 0 where everything that was not left out is as wanted at the end, 1 where something is not.`,
  options: ["skip"],
  run: (context, { values }) => bringUp(context, () => openEngine(context), values.skip),
};
