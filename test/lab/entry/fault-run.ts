import { loadavg } from "node:os";
import { setTimeout as sleep } from "node:timers/promises";
import { FAILURE_ROWS, type FailureKind } from "../../../tools/failures/failure-rows";
import type { FailureRun, SettingsName } from "../../../tools/failures/failure-run";
import type { LabStack } from "../lab-stack";
import { loadFigures } from "../load-figures";
import { say } from "../say";
import { ENTRY_FAULTS, findPlace } from "./entry-faults";
import { heldFor, holderFigures } from "./holder-figures";
import { observe, type RawLogs, rawOf } from "./observe";
import { settle } from "./settle";

/** How long a fault lasts at least, and how long it is watched after its end, in seconds. */
const TIMES: Readonly<Record<FailureKind, { lasts: number; after: number }>> = {
  power: { lasts: 15, after: 20 },
  docker: { lasts: 25, after: 20 },
  "traefik-killed": { lasts: 10, after: 10 },
  "traefik-hung": { lasts: 20, after: 10 },
  "proxy-killed": { lasts: 10, after: 10 },
  cable: { lasts: 25, after: 25 },
  drain: { lasts: 30, after: 15 },
  reboot: { lasts: 15, after: 20 },
  update: { lasts: 5, after: 10 },
};

/** A page has come back once none has failed for so long. */
const STEADY_SECONDS = 6;

/** Of a machine that is off there is nothing to say. */
const GOES_OFF: readonly FailureKind[] = ["power", "reboot"];

export interface FaultOutcome {
  run: FailureRun;
  raw: RawLogs;
}

const seconds = (): number => Date.now() / 1000;

/**
 * A fault befalls the machine that holds the address, and ends again, while the visitor asks for pages.
 *
 * @param waitSeconds how long pages are waited for before the fault is ended all the same
 */
export async function runFault(
  lab: LabStack,
  settings: SettingsName,
  fault: FailureKind,
  waitSeconds: number,
): Promise<FaultOutcome> {
  const holder = await settle(lab);
  const place = await findPlace(lab, holder);
  const { lasts, after } = TIMES[fault];
  const computerLoad = loadavg()[0] ?? 0;
  const seen = await observe(lab, async (load) => {
    const moment = seconds();
    const undo = await ENTRY_FAULTS[fault](lab, place);
    let isOver = false;
    let lasted = 0;
    try {
      await sleep(lasts * 1000);
      isOver = await load.untilServed(STEADY_SECONDS, waitSeconds);
      lasted = seconds() - moment;
    } finally {
      await undo();
    }
    await sleep(after * 1000);
    await load.untilServed(STEADY_SECONDS, waitSeconds);
    return { moment, isOver, lasted, end: seconds() };
  });
  const { moment, isOver, lasted, end } = seen.result;
  const figures = loadFigures(seen.log, seen.first);
  const held = holderFigures(Object.values(seen.samples), { from: moment, to: end });
  const gaveUp = GOES_OFF.includes(fault) ? undefined : heldFor(seen.samples[holder] ?? [], moment);
  const run: FailureRun = {
    settings,
    fault,
    holder,
    began: new Date(moment * 1000).toISOString(),
    computerLoad,
    lastedSeconds: lasted,
    longestSeconds: figures.longestSeconds,
    isOver: isOver && figures.isOver,
    requests: figures.requests,
    failed: figures.failed,
    failures: figures.failures,
    resets: figures.resets,
    median: figures.median,
    p95: figures.p95,
    p99: figures.p99,
    rate: figures.rate,
    isRateHeld: figures.isRateHeld,
    visitorCpu: seen.log.summary.cpu,
    heldByNone: held.none,
    heldBySeveral: held.several,
    heldBySeveralReaching: held.severalReaching,
    ...(gaveUp === undefined ? {} : { gaveUpSeconds: gaveUp }),
  };
  tell(run);
  return { run, raw: rawOf(seen) };
}

/** Prints what a run came to, and what makes its figures less than they seem. */
function tell(run: FailureRun): void {
  const failures = Object.entries(run.failures).map(([kind, count]) => `${kind} ${String(count)}`);
  const gaveUp =
    run.gaveUpSeconds === undefined ? "" : `, it had it for ${run.gaveUpSeconds.toFixed(1)} s`;
  say(
    `${run.settings}, ${run.holder}: ${FAILURE_ROWS[run.fault].what}: no page for ${run.longestSeconds.toFixed(1)} s${run.isOver ? "" : " and more"}; failed ${String(run.failed)} of ${String(run.requests)}${failures.length > 0 ? ` (${failures.join(", ")})` : ""}, ${String(run.resets)} resets; median ${(run.median * 1000).toFixed(0)} ms, p99 ${(run.p99 * 1000).toFixed(0)} ms`,
  );
  say(
    `  address held by none ${run.heldByNone.toFixed(1)} s, by several ${run.heldBySeveral.toFixed(1)} s, of which reach the gateway ${run.heldBySeveralReaching.toFixed(1)} s${gaveUp}`,
  );
  if (!run.isRateHeld) {
    say(
      `  THE VISITOR BEGAN ONLY ${run.rate.toFixed(1)} REQUESTS A SECOND, at ${(run.visitorCpu * 100).toFixed(0)} % of its processor`,
    );
  }
}
