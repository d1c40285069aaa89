import type { LoadLog, RequestRecord } from "./load-log";

/** A load that begins fewer than this share of what it should did not hold its rate. */
const HELD = 0.95;

/** What a load came to; times in seconds. */
export interface LoadFigures {
  requests: number;
  /** Without status 200, after the second attempt where there was one. */
  failed: number;
  /** How those ended, by kind. */
  failures: Readonly<Record<string, number>>;
  /** Connections that were reset, those of requests that were asked again with success among them. */
  resets: number;
  /** The longest time from one success to the next, or from the beginning to the first, or from the last to the end. */
  longestSeconds: number;
  /** When that began, since 1970 by the visitor's clock. */
  longestFrom: number;
  /** Whether a success has ended it. */
  isOver: boolean;
  /** Of requests that succeeded; `NaN` where none did. */
  median: number;
  p95: number;
  p99: number;
  /** Requests a second that were begun, and whether that is what was wanted. */
  rate: number;
  isRateHeld: boolean;
  /** The most that a request began too late. */
  worstLate: number;
}

/** The value that so many of a hundred do not exceed (nearest rank); `NaN` of none. */
export function percentile(values: readonly number[], percent: number): number {
  const sorted = [...values].sort((one, other) => one - other);
  const rank = Math.max(1, Math.ceil((percent / 100) * sorted.length));
  return sorted[rank - 1] ?? Number.NaN;
}

const isFailure = ({ outcome }: RequestRecord): boolean => outcome !== "ok";

/** Requests that failed, in the order of their beginnings. */
export function failuresOf({ records }: LoadLog): RequestRecord[] {
  return records.filter(isFailure).sort((one, other) => one.number - other.number);
}

/** The most failures one after the other; as many as there are targets, and for that long none served. */
export function longestRun({ records }: LoadLog): number {
  let run = 0;
  let longest = 0;
  for (const record of [...records].sort((one, other) => one.number - other.number)) {
    run = isFailure(record) ? run + 1 : 0;
    longest = Math.max(longest, run);
  }
  return longest;
}

function longestGap(
  successes: readonly number[],
  from: number,
  to: number,
): { seconds: number; since: number; isOver: boolean } {
  const sorted = [...successes].sort((one, other) => one - other);
  let longest = { seconds: 0, since: from, isOver: true };
  let since = from;
  for (const [index, time] of [...sorted, to].entries()) {
    if (time - since > longest.seconds) {
      longest = { seconds: time - since, since, isOver: index < sorted.length };
    }
    since = Math.max(since, time);
  }
  return longest;
}

/**
 * What a load came to.
 *
 * @param first the number of the first request that counts; before it the load was not steady yet
 */
export function loadFigures(log: LoadLog, first = 0): LoadFigures {
  const { summary } = log;
  const records = log.records.filter(({ number }) => number >= first);
  const successes = records.filter((record) => !isFailure(record));
  const failed = records.filter(isFailure);
  const failures: Record<string, number> = {};
  for (const { outcome } of failed) {
    failures[outcome] = (failures[outcome] ?? 0) + 1;
  }
  const from = Math.min(summary.to, ...records.map(({ at }) => at));
  const gap = longestGap(
    successes.map(({ at, seconds }) => at + seconds),
    from,
    summary.to,
  );
  const times = successes.map(({ seconds }) => seconds);
  const rate = records.length / (summary.to - from);
  return {
    requests: records.length,
    failed: failed.length,
    failures,
    resets: records.filter(({ retried }) => retried).length + (failures.reset ?? 0),
    longestSeconds: gap.seconds,
    longestFrom: gap.since,
    isOver: gap.isOver,
    median: percentile(times, 50),
    p95: percentile(times, 95),
    p99: percentile(times, 99),
    rate,
    isRateHeld: rate >= HELD * summary.rate,
    worstLate: Math.max(0, ...records.map(({ late }) => late)),
  };
}
