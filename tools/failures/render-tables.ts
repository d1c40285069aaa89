import { FAILURE_ROWS, type FailureKind } from "./failure-rows";
import type { DrawnFault, FailureResults, FailureRun, SettingsName } from "./failure-run";
import { measuredFaults, medianRun, runsOf, shownSeconds } from "./summary";

type Cells = readonly string[];

function renderTable(head: Cells, rows: readonly Cells[]): string {
  const widths = head.map((cell, column) =>
    Math.max(cell.length, ...rows.map((row) => row[column]?.length ?? 0)),
  );
  const line = (cells: Cells): string =>
    `| ${cells.map((cell, column) => cell.padEnd(widths[column] ?? 0)).join(" | ")} |`;
  const rule = `| ${widths.map((width) => "-".repeat(width)).join(" | ")} |`;
  return [line(head), rule, ...rows.map(line)].join("\n");
}

const nameOf = (fault: FailureKind): string =>
  `${FAILURE_ROWS[fault].what}${FAILURE_ROWS[fault].planned ? " (planned)" : ""}`;

/** Median and worst of a figure, `-` where nothing was measured. */
function both(runs: readonly FailureRun[], shown: (run: FailureRun) => string): string {
  const [median, worst] = [medianRun(runs), runs.at(-1)];
  return median && worst ? `${shown(median)}, ${shown(worst)}` : "-";
}

/** Median and worst of a count, which need not be those of the runs that were longest without a page. */
function bothCounts(runs: readonly FailureRun[], count: (run: FailureRun) => number): string {
  const counts = runs.map(count).sort((one, other) => one - other);
  const [median, worst] = [counts[Math.floor(counts.length / 2)], counts.at(-1)];
  return median === undefined || worst === undefined ? "-" : `${String(median)}, ${String(worst)}`;
}

function pageRow(results: FailureResults, fault: FailureKind): Cells {
  const cells = (settings: SettingsName): Cells => {
    const runs = runsOf(results, settings, fault);
    return [both(runs, shownSeconds), bothCounts(runs, ({ failed }) => failed)];
  };
  const resets = bothCounts(runsOf(results, "ours", fault), (run) => run.resets);
  return [nameOf(fault), ...cells("ours"), resets, ...cells("seeds")];
}

function holderRow(results: FailureResults, fault: FailureKind): Cells {
  const runs = runsOf(results, "ours", fault);
  const worst = (figure: (run: FailureRun) => number | undefined): string => {
    const figures = runs.flatMap((run) => figure(run) ?? []);
    return figures.length > 0 ? Math.max(...figures).toFixed(1) : "-";
  };
  return [
    nameOf(fault),
    worst(({ heldByNone }) => heldByNone),
    worst(({ heldBySeveral }) => heldBySeveral),
    worst(({ heldBySeveralReaching }) => heldBySeveralReaching),
    worst(({ gaveUpSeconds }) => gaveUpSeconds),
  ];
}

const PAGE_HEAD = [
  "the machine that holds the address",
  "ours: s without a page",
  "failed requests",
  "resets",
  "the seeds': s without a page",
  "failed requests",
];

const HOLDER_HEAD = [
  "the machine that holds the address",
  "held by none, s",
  "by several, s",
  "which reach the gateway, s",
  "given up after, s",
];

const DRAWN_HEAD = [
  "drawn fault",
  "machine",
  "s without a page",
  "failed requests",
  "held by none, s",
  "by several, s",
  "which reach the gateway, s",
];

function drawnRow(drawn: DrawnFault): Cells {
  return [
    drawn.what,
    `${drawn.machine}${drawn.wasHolder ? ", the holder" : ""}`,
    drawn.longestSeconds.toFixed(1),
    `${String(drawn.failed)} of ${String(drawn.requests)}`,
    drawn.heldByNone.toFixed(1),
    drawn.heldBySeveral.toFixed(1),
    drawn.heldBySeveralReaching.toFixed(1),
  ];
}

function renderOrigin({ commit, began, processors, emulated, rate, runs }: FailureResults): string {
  const held = Math.min(...runs.map((run) => run.rate));
  const counts = new Map<string, number>();
  for (const { settings, fault } of runs) {
    const key = `${settings} ${fault}`;
    counts.set(key, (counts.get(key) ?? 0) + 1);
  }
  const least = Math.min(...counts.values());
  const most = Math.max(...counts.values());
  const range = least === most ? String(least) : `${String(least)} to ${String(most)}`;
  return `${range} runs each, the median and the worst; commit ${commit.slice(0, 10)}${commit.endsWith("-dirty") ? ", changed" : ""}, ${began.slice(0, 10)}; machines ${emulated ? "emulated" : "by KVM"} on ${String(processors)} processors; ${String(rate)} new connections a second wanted, ${held.toFixed(1)} begun in the slowest run.`;
}

/** The results as Markdown: what a visitor saw, and who held the address. */
export function renderTables(results: FailureResults): string {
  if (results.runs.length === 0) {
    return "Nothing is measured yet.\n";
  }
  const faults = measuredFaults(results);
  return [
    renderOrigin(results),
    renderTable(
      PAGE_HEAD,
      faults.map((fault) => pageRow(results, fault)),
    ),
    "Who held the address with our settings, the worst of all runs:",
    renderTable(
      HOLDER_HEAD,
      faults.map((fault) => holderRow(results, fault)),
    ),
    ...(results.draws.length > 0
      ? ["Drawn faults of any machine:", renderTable(DRAWN_HEAD, results.draws.map(drawnRow))]
      : []),
  ]
    .map((part) => `${part}\n`)
    .join("\n");
}
