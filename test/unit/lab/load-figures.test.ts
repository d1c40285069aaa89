import { failuresOf, loadFigures, longestRun, percentile } from "../../lab/load-figures";
import { type LoadLog, parseLoadLine, type RequestRecord } from "../../lab/load-log";

/** A load of ten requests a second from second 100 on, of which each ends as it is told. */
function load(
  ends: readonly (Partial<RequestRecord> | undefined)[],
  to = 100 + ends.length / 10,
): LoadLog {
  const records = ends.map((end, number) => ({
    number,
    at: 100 + number / 10,
    late: 0,
    seconds: 0.05,
    url: "https://whoami.swarm.test/",
    outcome: "ok" as const,
    ...end,
  }));
  const summary = { from: 100, to, rate: 10, begun: records.length, cpu: 0.5 };
  return { lines: [], records, summary };
}

const well = (count: number): undefined[] => Array.from({ length: count }, () => undefined);
const timeout = { outcome: "timeout", seconds: 3 } as const;

test("a line is a request, or what the load says of itself", () => {
  const record = { number: 0, at: 1, late: 0, seconds: 1, url: "http://x/", outcome: "ok" };
  expect(parseLoadLine(JSON.stringify(record))).toEqual({ record });
  const summary = { summary: true, from: 1, to: 2, rate: 20, begun: 20, cpu: 0.1 };
  expect(parseLoadLine(JSON.stringify(summary))).toEqual({ summary });
});

test("where nothing fails, the longest time without a success is that between two requests", () => {
  const { failed, longestSeconds, isOver, rate, isRateHeld } = loadFigures(load(well(50)));
  expect({ failed, isOver, isRateHeld }).toEqual({ failed: 0, isOver: true, isRateHeld: true });
  expect(longestSeconds).toBeCloseTo(0.1);
  expect(rate).toBeCloseTo(10);
});

test("the longest time goes from the last success before to the first after, by their ends", () => {
  const slow = { seconds: 1.5 };
  const figures = loadFigures(load([...well(10), timeout, timeout, slow, ...well(20)]));
  // The last before ends at 100.95; the first after is the one that begins at 101.3, before the slow one ends.
  expect(figures.longestSeconds).toBeCloseTo(0.4);
  expect(figures.longestFrom).toBeCloseTo(100.95);
  expect(figures).toMatchObject({ requests: 33, failed: 2, failures: { timeout: 2 } });
});

test("a load that ends before a success comes again says so", () => {
  const figures = loadFigures(load([...well(10), ...well(30).map(() => timeout)]));
  expect(figures.isOver).toBe(false);
  expect(figures.longestSeconds).toBeCloseTo(104 - 100.95);
});

test("a load without any success lasts as long as it lasts", () => {
  const figures = loadFigures(load(well(20).map(() => timeout)));
  expect(figures).toMatchObject({ isOver: false, failed: 20, median: Number.NaN });
  expect(figures.longestSeconds).toBeCloseTo(2);
});

test("a reset that was asked again with success is no failure, but a reset", () => {
  const again = { retried: true };
  const inVain = { retried: true, outcome: "reset" } as const;
  const raw = { outcome: "reset" } as const;
  const { failed, resets, failures } = loadFigures(load([again, inVain, raw, ...well(3)]));
  expect({ failed, resets, failures }).toEqual({ failed: 2, resets: 4, failures: { reset: 2 } });
});

test("what was begun before it was steady does not count", () => {
  const figures = loadFigures(load([timeout, timeout, ...well(20)]), 2);
  expect(figures).toMatchObject({ requests: 20, failed: 0 });
  expect(figures.longestSeconds).toBeCloseTo(0.1);
});

test("a load that cannot begin its requests in time says which rate it reached, and by how much it was late", () => {
  const late = load(
    Array.from({ length: 50 }, (_, number) => ({ at: 100 + number / 5, late: number / 10 })),
    110,
  );
  const { rate, isRateHeld, worstLate } = loadFigures(late);
  expect({ rate, isRateHeld, worstLate }).toEqual({ rate: 5, isRateHeld: false, worstLate: 4.9 });
});

test("percentiles are of those that succeeded, by the nearest rank", () => {
  expect(percentile([4, 1, 3, 2], 50)).toBe(2);
  expect(percentile([4, 1, 3, 2], 99)).toBe(4);
  expect(percentile([7], 1)).toBe(7);
  const times = Array.from({ length: 100 }, (_, number) => ({ seconds: (number + 1) / 1000 }));
  const { median, p95, p99 } = loadFigures(load([...times, timeout]));
  expect([median, p95, p99]).toEqual([0.05, 0.095, 0.099]);
});

test("failures in a row are counted in the order of their beginnings", () => {
  const failed = { outcome: "refused" } as const;
  const log = load([failed, undefined, failed, failed, undefined]);
  const shuffled = { ...log, records: [...log.records].reverse() };
  expect(longestRun(shuffled)).toBe(2);
  expect(failuresOf(shuffled).map(({ number }) => number)).toEqual([0, 2, 3]);
});
