import { readdirSync, readFileSync } from "node:fs";
import { setTimeout as sleep } from "node:timers/promises";

/** What every process that a run starts has in its environment: `<pid>.<start time> <folder of the stack>`. */
const MARK = "SWARMSTEAD_RUN";

const PAUSE_MS = 100;

/** A process that was started by a run of the launcher, at whatever remove. */
export interface RunProcess {
  pid: number;
  /** Whether the launcher that it belongs to is still there. */
  led: boolean;
  /** Whether that launcher is this process. */
  own: boolean;
}

/** When a process was started, in clock ticks since boot; one that has ended has no answer. */
function startTime(pid: number | "self"): string | undefined {
  try {
    const [, state, ...rest] =
      /\) (\w) (.*)$/s.exec(readFileSync(`/proc/${String(pid)}/stat`, "utf8")) ?? [];
    // A process that nobody has reaped yet has ended, too.
    return state === "Z" || state === "X" ? undefined : rest[0]?.split(" ")[18];
  } catch {
    return undefined;
  }
}

function leader(): string {
  return `${String(process.pid)}.${startTime("self") ?? ""}`;
}

/** From here on every process that is started belongs to this run. */
export function markRun(state: string): void {
  process.env[MARK] = `${leader()} ${state}`;
}

function markOf(pid: string): string | undefined {
  try {
    const text = readFileSync(`/proc/${pid}/environ`, "utf8");
    const entry = text.split("\0").find((word) => word.startsWith(`${MARK}=`));
    return entry?.slice(MARK.length + 1);
  } catch {
    // It has ended, or is another user's.
    return undefined;
  }
}

/**
 * The processes that runs on a stack have started and that still live; where there is no `/proc`, none. The lab's VMs
 * and their network are none of them: they outlive every run.
 */
export function runProcesses(state: string): RunProcess[] {
  let names: string[];
  try {
    names = readdirSync("/proc").filter((name) => /^\d+$/.test(name));
  } catch {
    return [];
  }
  return names.flatMap((name) => {
    const mark = markOf(name);
    const pid = Number(name);
    if (!mark?.endsWith(` ${state}`) || pid === process.pid || startTime(pid) === undefined) {
      return [];
    }
    const [run = ""] = mark.split(" ");
    const [launcher, started] = run.split(".");
    return [{ pid, led: startTime(Number(launcher)) === started, own: run === leader() }];
  });
}

/** Sends a signal to each; one that has ended meanwhile is passed over. */
export function signalAll(processes: readonly RunProcess[], signal: NodeJS.Signals): void {
  for (const { pid } of processes) {
    try {
      process.kill(pid, signal);
    } catch {
      // It has ended by itself.
    }
  }
}

/** Waits until nothing is left of what `find` finds, and gives what is after the limit. */
export async function awaitEnd(
  find: () => RunProcess[],
  limitSeconds: number,
): Promise<RunProcess[]> {
  const deadline = Date.now() + limitSeconds * 1000;
  for (;;) {
    const left = find();
    if (left.length === 0 || Date.now() >= deadline) {
      return left;
    }
    await sleep(PAUSE_MS);
  }
}
