import { FAILURE_ROWS, type FailureKind } from "./failure-rows";
import type { FailureResults, FailureRun, SettingsName } from "./failure-run";
import { measuredFaults, medianRun, runsOf } from "./summary";

const WIDTH = 760;
const LEFT = 260;
const RIGHT = 40;
const TOP = 50;
const ROW = 34;
/** The axis goes by powers of ten, in seconds. */
const FIRST = 0.1;
const LAST = 1000;
const TICKS = [0.1, 1, 10, 100, 1000];

/** Told apart by form and place, not by colour alone. */
const MARKS: Readonly<Record<SettingsName, { y: number; colour: string; label: string }>> = {
  ours: { y: 11, colour: "#0b6e4f", label: "ours (discs)" },
  seeds: { y: 24, colour: "#b3541e", label: "the seeds' (squares)" },
};

function xOf(seconds: number): number {
  const within = Math.min(LAST, Math.max(FIRST, seconds));
  const share = Math.log10(within / FIRST) / Math.log10(LAST / FIRST);
  return Math.round((LEFT + share * (WIDTH - LEFT - RIGHT)) * 10) / 10;
}

function text(x: number, y: number, words: string, more = ""): string {
  const safe = words.replaceAll("&", "&amp;").replaceAll("<", "&lt;");
  return `  <text x="${String(x)}" y="${String(y)}"${more}>${safe}</text>`;
}

function mark(run: FailureRun, y: number): string {
  const { colour } = MARKS[run.settings];
  const x = xOf(run.longestSeconds);
  const fill = run.isOver ? colour : "none";
  const look = `fill="${fill}" fill-opacity="0.6" stroke="${colour}"`;
  return run.settings === "ours"
    ? `  <circle cx="${String(x)}" cy="${String(y)}" r="4" ${look}/>`
    : `  <rect x="${String(x - 4)}" y="${String(y - 4)}" width="8" height="8" ${look}/>`;
}

function renderRow(results: FailureResults, fault: FailureKind, top: number): string[] {
  const name = text(LEFT - 12, top + 21, FAILURE_ROWS[fault].what, ' text-anchor="end"');
  const marks = (["ours", "seeds"] as const).flatMap((settings) => {
    const runs = runsOf(results, settings, fault);
    const y = top + MARKS[settings].y;
    const median = medianRun(runs);
    const line = median
      ? [
          `  <line x1="${String(LEFT)}" x2="${String(xOf(median.longestSeconds))}" y1="${String(y)}" y2="${String(y)}" stroke="${MARKS[settings].colour}"/>`,
        ]
      : [];
    return [...line, ...runs.map((run) => mark(run, y))];
  });
  return [name, ...marks];
}

function renderAxis(bottom: number): string[] {
  return TICKS.flatMap((tick) => {
    const x = xOf(tick);
    return [
      `  <line x1="${String(x)}" x2="${String(x)}" y1="${String(TOP)}" y2="${String(bottom)}" stroke="#ddd"/>`,
      text(x, bottom + 16, `${String(tick)} s`, ' text-anchor="middle"'),
    ];
  });
}

/**
 * The results as an SVG picture: of each fault the time without a page in every run, a line to the median; hollow where
 * pages came only when the fault was ended.
 */
export function renderPlot(results: FailureResults): string {
  const faults = measuredFaults(results);
  const bottom = TOP + faults.length * ROW;
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" width="${String(WIDTH)}" height="${String(bottom + 30)}" font-family="sans-serif" font-size="13">`,
    `  <title>Seconds without a page, by what befalls the machine that holds the address</title>`,
    `  <rect width="100%" height="100%" fill="#fff"/>`,
    text(
      12,
      20,
      "longest time without a page in each run; line: the median; hollow: until the fault was ended",
    ),
    ...(["ours", "seeds"] as const).map((settings, index) =>
      text(LEFT + index * 130, 38, MARKS[settings].label, ` fill="${MARKS[settings].colour}"`),
    ),
    ...renderAxis(bottom),
    ...faults.flatMap((fault, index) => renderRow(results, fault, TOP + index * ROW)),
    "</svg>",
    "",
  ].join("\n");
}
