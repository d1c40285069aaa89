import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { awaitOrphans } from "../../../ops/orphans";
import { runProcesses } from "../../../ops/run-processes";

const LAST = "interrupted; run ./swarmstead up again, it goes on from here\n";
const QUICK = { byThemselves: 0.3, asked: 0.3, killed: 5 };
let count = 0;
let state = "";

interface Run {
  child: ChildProcess;
  said: () => string;
  end: Promise<number | string | null>;
}

/** Starts a run whose script has said that it is there. */
async function start(kind: "operation" | "program", script: string): Promise<Run> {
  const words = ["--import", "tsx", join(__dirname, "guarded-run.ts"), kind, state];
  const child = spawn(process.execPath, [...words, `echo there; ${script}`]);
  let text = "";
  for (const stream of [child.stdout, child.stderr]) {
    stream.setEncoding("utf8").on("data", (part: string) => {
      text += part;
    });
  }
  const end = once(child, "exit").then(([code, signal]) => (code ?? signal) as number | string);
  while (!text.includes("there\n")) {
    await sleep(20);
  }
  return { child, said: () => text, end };
}

beforeEach(() => {
  count += 1;
  state = `/nowhere/${String(process.pid)}-${String(count)}`;
});

afterEach(() => {
  for (const { pid } of runProcesses(state)) {
    process.kill(pid, "SIGKILL");
  }
});

describe("a signal", () => {
  test.each([
    ["SIGINT", 130],
    ["SIGTERM", 143],
    ["SIGHUP", 129],
  ] as const)(
    "%s cancels an operation, which ends by itself, with exit code %i",
    async (name, code) => {
      const run = await start(
        "operation",
        "trap 'echo in order; exit 0' USR1; while :; do sleep 0.1; done",
      );
      run.child.kill(name);
      expect(await run.end).toBe(code);
      expect(run.said()).toMatch(/in order\n[^]*it goes on from here\n$/);
      expect(runProcesses(state)).toEqual([]);
    },
  );

  test("ends a program with all that it has started", async () => {
    const run = await start("program", "sleep 300 & (trap '' TERM; setsid sleep 300) & wait");
    expect(runProcesses(state).every(({ led, own }) => led && !own)).toBe(true);
    run.child.kill("SIGINT");
    expect(await run.end).toBe(130);
    expect(run.said().split(LAST)).toHaveLength(2);
    expect(runProcesses(state)).toEqual([]);
  });

  test("that comes again ends an operation at once", async () => {
    const run = await start("operation", "trap '' USR1 INT TERM; while :; do sleep 0.1; done");
    run.child.kill("SIGINT");
    while (!run.said().includes("once more ends it at once")) {
      await sleep(20);
    }
    expect(runProcesses(state).length).toBeGreaterThan(0);
    run.child.kill("SIGINT");
    expect(await run.end).toBe(130);
    expect(run.said()).toMatch(/there[^]*it goes on from here\n$/);
    expect(run.said().split(LAST)).toHaveLength(2);
    expect(runProcesses(state)).toEqual([]);
  });
});

describe("awaitOrphans", () => {
  const said: string[] = [];

  beforeEach(() => {
    said.length = 0;
    jest.spyOn(process.stderr, "write").mockImplementation((text) => {
      said.push(String(text));
      return true;
    });
  });
  afterEach(() => {
    jest.restoreAllMocks();
  });

  test("leaves alone what belongs to a living launcher, or to another stack", async () => {
    const run = await start("program", "sleep 300");
    await awaitOrphans(state, QUICK);
    await awaitOrphans("/nowhere/else", QUICK);
    expect(runProcesses(state).length).toBeGreaterThan(0);
    expect(said).toEqual([]);
    run.child.kill("SIGKILL");
    await run.end;
  });

  test("waits for what ends by itself", async () => {
    const run = await start("program", "trap 'echo ended by force' TERM; sleep 1; echo by itself");
    run.child.kill("SIGKILL");
    await run.end;
    await awaitOrphans(state, { ...QUICK, byThemselves: 20 });
    expect(runProcesses(state)).toEqual([]);
    expect(said).toEqual(["waiting for what an interrupted run has left to end\n"]);
  });

  test("ends what does not end, by force in the end", async () => {
    const run = await start("program", "trap '' TERM; sleep 300");
    run.child.kill("SIGKILL");
    await run.end;
    await awaitOrphans(state, QUICK);
    expect(runProcesses(state)).toEqual([]);
    expect(said.join("")).toMatch(/SIGTERM to \d[^]*SIGKILL to \d/);
  });
});
