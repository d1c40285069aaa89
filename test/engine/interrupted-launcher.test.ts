import { type ChildProcess, spawn } from "node:child_process";
import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { homedir } from "node:os";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { ensurePulumiCli } from "../../ops/pulumi-cli";
import { runProcesses } from "../../ops/run-processes";
import { FIRST_RUN_MS, newFolder } from "./engine-stack";

/** A run of the launcher in small, with what it says. */
interface Run {
  child: ChildProcess;
  said: () => string;
  /** Exit code, or the signal that ended it. */
  end: Promise<number | NodeJS.Signals | null>;
}

const nameOf = (pid: number): string => readFileSync(`/proc/${String(pid)}/comm`, "utf8").trim();

// Each run is a process that loads the whole SDK, which takes long where the computer is busy.
jest.setTimeout(180_000);

describe("a launcher that is interrupted", () => {
  const folder = newFolder();
  const file = (name: string): string => join(folder, name);
  let cli = "";

  beforeAll(async () => {
    const cache = join(process.env.XDG_CACHE_HOME ?? join(homedir(), ".cache"), "swarmstead");
    cli = (await ensurePulumiCli(cache, (text) => process.stderr.write(`${text}\n`))).path;
    mkdirSync(file("project"));
    mkdirSync(file("state"));
  }, FIRST_RUN_MS);

  afterAll(() => {
    rmSync(folder, { recursive: true, force: true });
  });

  function start(verb: "up" | "destroy", second = "true"): Run {
    const program = ["--disable-warning=DEP0040", "--import", "tsx"];
    const words = [...program, "test/engine/interruptible-run.ts", verb, folder, cli];
    const env = { ...process.env, SECOND: second };
    const child = spawn(process.execPath, words, { env, detached: true });
    let text = "";
    for (const stream of [child.stdout, child.stderr]) {
      stream.setEncoding("utf8").on("data", (part: string) => {
        text += part;
      });
    }
    const end = new Promise<number | NodeJS.Signals | null>((resolve) => {
      child.on("exit", (code, signal) => {
        resolve(code ?? signal);
      });
    });
    return { child, said: () => text, end };
  }

  /** Starts an update whose second step has just begun and would go on for long. */
  async function startLong(atEnd = ""): Promise<Run> {
    rmSync(file("begun"), { force: true });
    const run = start(
      "up",
      `trap '${atEnd} exit 1' TERM; touch ${file("begun")}; sleep 300 & wait`,
    );
    while (!existsSync(file("begun"))) {
      if (run.child.exitCode !== null) {
        throw new Error(`ended before its second step:\n${run.said()}`);
      }
      await sleep(20);
    }
    return run;
  }

  function signal({ child }: Run, name: NodeJS.Signals, group = false): void {
    process.kill((group ? -1 : 1) * (child.pid ?? NaN), name);
  }

  const state = (): string =>
    readFileSync(file("state/.pulumi/stacks/swarmstead/test.json"), "utf8");

  test("by Ctrl-C ends in order, with the exit code of a signal and what was made in the state", async () => {
    const run = await startLong("sleep 1;");
    signal(run, "SIGINT", true);
    expect(await run.end).toBe(130);
    expect(run.said()).toMatch(
      /\ninterrupted; run \.\/swarmstead up again, it goes on from here\n$/,
    );
    expect(run.said()).toContain("**creating failed**");
    expect(run.said()).not.toContain("received; terminating");
    expect(runProcesses(folder)).toEqual([]);
    expect(state()).toContain("::first");
    expect(state()).not.toContain("pending_operations");
    // A second file beside the state, which is not written whole, would be one that a kill can break.
    expect(readdirSync(file("state"), { recursive: true }).join(" ")).not.toContain(".attrs");
  });

  test("by SIGKILL, and its engine too, does not hinder the next run, which waits for what is left", async () => {
    const run = await startLong(`sleep 2; touch ${file("ended")};`);
    for (const { pid } of runProcesses(folder).filter((each) => nameOf(each.pid) === "pulumi")) {
      process.kill(pid, "SIGKILL");
    }
    signal(run, "SIGKILL");
    expect(await run.end).toBe("SIGKILL");
    expect(state()).toContain("pending_operations");
    const next = start("up", `test -e ${file("ended")}`);
    expect([await next.end, next.said()]).toEqual([0, expect.stringContaining("+ 1 created")]);
    expect(next.said()).toContain("an interrupted run is taken up again at: second\n");
    expect(next.said()).not.toContain("pending operations");
    expect(readFileSync(file("log"), "utf8")).toBe("first\n");
  });

  test("while it destroys is taken up again by the next destroy", async () => {
    const destroy = start("destroy");
    while (!destroy.said().includes("deleting")) {
      await sleep(5);
    }
    signal(destroy, "SIGKILL");
    await destroy.end;
    const next = start("destroy");
    const code = await next.end;
    // The code beside what was said, so that a failure tells why.
    expect(`${String(code)}\n${next.said()}`).toMatch(/^0\n/);
    expect(next.said()).not.toContain("pending operations");
    expect(state()).not.toContain("urn:pulumi");
  });
});
