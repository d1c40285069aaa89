import { FAILURE_KINDS, type FailureKind } from "./failure-rows";
import type { FailureResults, FailureRun, SettingsName } from "./failure-run";

/** The runs of one fault under one kind of settings, the one with the shortest time without a page first. */
export function runsOf(
  { runs }: FailureResults,
  settings: SettingsName,
  fault: FailureKind,
): FailureRun[] {
  return runs
    .filter((run) => run.settings === settings && run.fault === fault)
    .sort((one, other) => one.longestSeconds - other.longestSeconds);
}

/** The run in the middle; of two in the middle the worse. */
export function medianRun(sorted: readonly FailureRun[]): FailureRun | undefined {
  return sorted[Math.floor(sorted.length / 2)];
}

/** Faults that were measured, in the order of the table. */
export function measuredFaults({ runs }: FailureResults): FailureKind[] {
  return FAILURE_KINDS.filter((fault) => runs.some((run) => run.fault === fault));
}

/** The time without a page, in seconds; `>` where it was still going on when the fault was ended. */
export function shownSeconds({ longestSeconds, isOver }: FailureRun): string {
  return `${isOver ? "" : "> "}${longestSeconds.toFixed(1)}`;
}
