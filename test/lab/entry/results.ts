import { execFileSync } from "node:child_process";
import { existsSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { availableParallelism } from "node:os";
import { join, resolve } from "node:path";
import type { DrawnFault, FailureResults } from "../../../tools/failures/failure-run";
import { renderPlot } from "../../../tools/failures/render-plot";
import { renderTables } from "../../../tools/failures/render-tables";
import { runsOf } from "../../../tools/failures/summary";
import type { LabStack } from "../lab-stack";
import { THROUGH_ADDRESS } from "./environment";
import type { FaultOutcome } from "./fault-run";
import type { RawLogs } from "./observe";

const ROOT = resolve(__dirname, "../../..");

function git(...words: string[]): string {
  return execFileSync("git", words, { cwd: ROOT, encoding: "utf8" }).trim();
}

function isEmulated(lab: LabStack): boolean {
  const file = join(lab.state, "lab/accelerator");
  return !existsSync(file) || readFileSync(file, "utf8").trim() !== "kvm";
}

/** Numbers to a ten-thousandth: more is noise, and hard to read. */
function rounded<Item>(item: Item): Item {
  const round = (_: string, value: unknown): unknown =>
    typeof value === "number" ? Math.round(value * 1e4) / 1e4 : value;
  return JSON.parse(JSON.stringify(item, round)) as Item;
}

/** Keeps what every fault came to, as soon as it has: every request and look, all figures, tables and a plot. */
export class Results {
  /** Where it is kept. */
  public readonly folder: string;
  /** What it has come to so far. */
  public readonly all: FailureResults;

  public constructor(private readonly lab: LabStack) {
    const began = new Date().toISOString();
    this.folder = join(ROOT, ".swarmstead-results", began.slice(0, 19).replaceAll(":", "-"));
    this.all = {
      commit: `${git("rev-parse", "HEAD")}${git("status", "--porcelain") === "" ? "" : "-dirty"}`,
      began,
      processors: availableParallelism(),
      emulated: true,
      rate: THROUGH_ADDRESS.rate ?? 0,
      runs: [],
      draws: [],
    };
  }

  public add({ run, raw }: FaultOutcome): void {
    const number = runsOf(this.all, run.settings, run.fault).length + 1;
    const log = `${run.settings}-${run.fault}-${String(number)}`;
    this.all.runs.push({ ...rounded(run), log });
    this.keep(log, raw);
  }

  public addDrawn(drawn: DrawnFault, raw: RawLogs): void {
    const log = `drawn-${String(this.all.draws.length + 1)}`;
    this.all.draws.push({ ...rounded(drawn), log });
    this.keep(log, raw);
  }

  private keep(log: string, { requests, holders }: RawLogs): void {
    this.all.emulated = isEmulated(this.lab);
    const lines = (all: readonly string[]): string => all.map((line) => `${line}\n`).join("");
    this.write(`${log}.jsonl`, lines(requests));
    this.write(`${log}-holders.txt`, lines(holders));
    this.write("results.json", `${JSON.stringify(this.all, null, 2)}\n`);
    this.write("tables.md", renderTables(this.all));
    this.write("plot.svg", renderPlot(this.all));
  }

  private write(name: string, text: string): void {
    mkdirSync(this.folder, { recursive: true });
    writeFileSync(join(this.folder, name), text);
  }
}
