import { readFileSync } from "node:fs";
import { join, resolve } from "node:path";
import type { FailureKind } from "../../../tools/failures/failure-rows";
import type { FailureResults, FailureRun } from "../../../tools/failures/failure-run";
import { placeTables } from "../../../tools/failures/place-tables";
import { renderPlot } from "../../../tools/failures/render-plot";
import { renderTables } from "../../../tools/failures/render-tables";

const DOCS = resolve(__dirname, "../../../docs");

function run(
  settings: FailureRun["settings"],
  fault: FailureKind,
  more: Partial<FailureRun>,
): FailureRun {
  return {
    settings,
    fault,
    holder: "node1",
    began: "2026-11-26T10:00:00.000Z",
    computerLoad: 2,
    lastedSeconds: 20,
    longestSeconds: 1,
    isOver: true,
    requests: 1000,
    failed: 0,
    failures: {},
    resets: 0,
    median: 0.1,
    p95: 0.2,
    p99: 0.3,
    rate: 20,
    isRateHeld: true,
    visitorCpu: 0.5,
    heldByNone: 0,
    heldBySeveral: 0,
    heldBySeveralReaching: 0,
    ...more,
  };
}

const RESULTS: FailureResults = {
  commit: "0123456789abcdef-dirty",
  began: "2026-11-26T10:00:00.000Z",
  processors: 2,
  emulated: true,
  rate: 20,
  runs: [
    run("ours", "drain", { longestSeconds: 0.2, resets: 3 }),
    run("ours", "power", { longestSeconds: 4, failed: 60, heldByNone: 2.5, rate: 18.25 }),
    run("ours", "power", { longestSeconds: 2, failed: 70, heldByNone: 1.5 }),
    run("ours", "power", { longestSeconds: 3, failed: 50, heldByNone: 2, gaveUpSeconds: 1 }),
    run("seeds", "power", { longestSeconds: 95, failed: 1900, isOver: false }),
  ],
  draws: [
    {
      what: "freeze",
      machine: "node2",
      wasHolder: true,
      longestSeconds: 2.25,
      requests: 900,
      failed: 30,
      heldByNone: 1.5,
      heldBySeveral: 0.75,
      heldBySeveralReaching: 0,
    },
  ],
};

const TABLES = `1 to 3 runs each, the median and the worst; commit 0123456789, changed, 2026-11-26; machines emulated on 2 processors; 20 new connections a second wanted, 18.3 begun in the slowest run.

| the machine that holds the address | ours: s without a page | failed requests | resets | the seeds': s without a page | failed requests |
| ---------------------------------- | ---------------------- | --------------- | ------ | ---------------------------- | --------------- |
| its power is cut                   | 3.0, 4.0               | 60, 70          | 0, 0   | > 95.0, > 95.0               | 1900, 1900      |
| it is drained (planned)            | 0.2, 0.2               | 0, 0            | 3, 3   | -                            | -               |

Who held the address with our settings, the worst of all runs:

| the machine that holds the address | held by none, s | by several, s | which reach the gateway, s | given up after, s |
| ---------------------------------- | --------------- | ------------- | -------------------------- | ----------------- |
| its power is cut                   | 2.5             | 0.0           | 0.0                        | 1.0               |
| it is drained (planned)            | 0.0             | 0.0           | 0.0                        | -                 |

Drawn faults of any machine:

| drawn fault | machine           | s without a page | failed requests | held by none, s | by several, s | which reach the gateway, s |
| ----------- | ----------------- | ---------------- | --------------- | --------------- | ------------- | -------------------------- |
| freeze      | node2, the holder | 2.3              | 30 of 900       | 1.5             | 0.8           | 0.0                        |
`;

test("tables show median and worst, and what a visitor still waited for", () => {
  expect(renderTables(RESULTS)).toBe(TABLES);
});

test("a plot has a mark for each run, hollow where it was not over, and a line to each median", () => {
  const plot = renderPlot(RESULTS);
  expect(plot.match(/<circle/g)).toHaveLength(4);
  expect(plot.match(/<rect x="\S+" y="\S+" width="8"/g)).toHaveLength(1);
  expect(plot.match(/fill="none"/g)).toHaveLength(1);
  expect(plot.match(/<line [^>]*stroke="#(0b6e4f|b3541e)"/g)).toHaveLength(3);
});

test("tables take the place of those on the page, and of nothing else", () => {
  const page =
    "before\n<!-- from failures.json, by npm run failures -->\nold\n<!-- end -->\nafter\n";
  const placed = placeTables(page, "new\n");
  expect(placed).toBe(page.replace("\nold\n", "\n\nnew\n\n"));
  expect(placeTables(placed, "new\n")).toBe(placed);
  expect(() => placeTables("no marks", "new")).toThrow("docs/failures.md: must hold the lines");
});

test("the page and the plot in the docs are those of the results in the docs", () => {
  const read = (name: string): string => readFileSync(join(DOCS, name), "utf8");
  const results = JSON.parse(read("failures.json")) as FailureResults;
  const page = read("failures.md");
  expect(placeTables(page, renderTables(results))).toBe(page);
  expect(read("failures.svg")).toBe(renderPlot(results));
});
