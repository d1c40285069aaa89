import { readFileSync } from "node:fs";
import { join } from "node:path";
import type { Context } from "../context";
import { LOOK, type MachineView, parseLook, wholeLines } from "../machine-view";
import { runOn } from "../ssh-session";
import type { StoredStep } from "../stored-steps";

const CHECK_STEP = readFileSync(join(__dirname, "check-step.sh"), "utf8");
const EXAMINE = `${CHECK_STEP}\n${readFileSync(join(__dirname, "examine.sh"), "utf8")}`;

/** When `doctor` has examined everything at the latest, seconds after its start: it promises an answer within 30. */
const DOCTOR_SECONDS = 26;
const LEAST_SECONDS = 15;

/** How long a machine may take for `doctor`; one that has not told all by then is told of as far as it did. */
export function doctorLimit(sinceStartSeconds: number): number {
  return Math.max(LEAST_SECONDS, Math.round(DOCTOR_SECONDS - sinceStartSeconds));
}

/** What a step's check found: a line for each thing that is not as the step would leave it. */
export interface Difference {
  step: string;
  what: string;
}

/** A file system of a machine. */
export interface DiskFact {
  mount: string;
  freeMiB: number;
  usedPercent: number;
}

/** What a machine tells of itself beside its Docker. */
export interface MachineFacts {
  view: MachineView;
  /** Seconds that its clock is ahead of this computer's; absent where it did not tell. */
  clockAhead?: number;
  /** Whether it told all in time. */
  complete: boolean;
  disks: readonly DiskFact[];
  /** Why nothing can be written; absent where it can. */
  unwritable?: string;
  /** The machines that it knows, by name: their addresses. */
  members: Readonly<Record<string, string>>;
  differences: readonly Difference[];
}

/** Text of a batch of checks, each step as the machine reads it; no check may take longer than the whole. */
function renderChecks(
  steps: readonly { name: string; text: string }[],
  limitSeconds: number,
): string {
  // The end mark cannot be a line of a step by chance.
  const checks = steps.map(
    ({ name, text }) =>
      `check_step ${name} <<'END-OF-${name}-STEP'\n${text}\nEND-OF-${name}-STEP\n`,
  );
  return `CHECK_SECONDS=${String(limitSeconds)}\n${checks.join("")}`;
}

/** The facts of an examination's output. */
export function parseFacts(
  text: string,
): Omit<MachineFacts, "view" | "clockAhead"> & { clock?: number } {
  const lines = wholeLines(text).map((line) => line.split("\t"));
  const all = (kind: string): string[][] =>
    lines.filter(([first]) => first === kind).map((words) => words.slice(1));
  const [clock] = all("clock")[0] ?? [];
  const [unwritable] = all("unwritable")[0] ?? [];
  return {
    ...(clock === undefined ? {} : { clock: Number(clock) }),
    ...(unwritable === undefined ? {} : { unwritable }),
    complete: all("end").length > 0,
    disks: all("disk").map(([mount = "", free, used]) => ({
      mount,
      freeMiB: Number(free),
      usedPercent: Number(used),
    })),
    members: Object.fromEntries(all("member").map(([name = "", address = ""]) => [name, address])),
    differences: all("differs").map(([step = "", what = ""]) => ({ step, what })),
  };
}

/** Examines a machine, and has its steps say what they would change. Never fails. */
export async function examine(
  context: Context,
  name: string,
  steps: readonly StoredStep[],
  limitSeconds: number,
): Promise<MachineFacts> {
  const checks = steps.flatMap(({ name: step, onMachine }) =>
    onMachine === undefined ? [] : [{ name: step, text: onMachine }],
  );
  const script = `${EXAMINE}\n(${LOOK})\n${renderChecks(checks, limitSeconds)}\ntell end\n`;
  const result = await runOn(context, name, script, limitSeconds);
  const { clock, ...facts } = parseFacts(result.stdout);
  const reachable = clock !== undefined;
  const error = reachable ? "" : (result.stderr.trim().split("\n").at(-1) ?? "");
  return {
    ...facts,
    ...(reachable ? { clockAhead: clock - result.firstWordAt / 1000 } : {}),
    view: { name, reachable, error, ...parseLook(result.stdout) },
  };
}

/** Has steps of the cluster as a whole say what they would change, on any live manager. Never fails. */
export async function checkOnManager(
  context: Context,
  alias: string,
  steps: readonly StoredStep[],
  limitSeconds: number,
): Promise<Difference[]> {
  if (steps.length === 0) {
    return [];
  }
  const checks = steps.map(({ name, stdin }) => ({ name, text: stdin }));
  const script = `${CHECK_STEP}\n${renderChecks(checks, limitSeconds)}`;
  // The first is asked whatever else any live manager is.
  const { stdout } = await runOn(context, alias, script, limitSeconds, 1);
  return [...parseFacts(stdout).differences];
}
