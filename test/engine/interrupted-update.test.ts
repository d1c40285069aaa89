import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { local } from "@pulumi/command";
import { EngineStack, FIRST_RUN_MS, newFolder } from "./engine-stack";

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    // A process that has ended and that nobody has asked after is still in the list.
    return !/^\d+ \(.*\) Z/.test(readFileSync(`/proc/${String(pid)}/stat`, "utf8"));
  } catch {
    return false;
  }
}

async function waitUntil(fact: () => boolean, what: string): Promise<void> {
  const started = Date.now();
  while (!fact()) {
    await sleep(50);
    if (Date.now() - started > 15_000) {
      throw new Error(`not within 15 s: ${what}`);
    }
  }
}

describe("an update that does not come to its end", () => {
  const folder = newFolder();
  const file = (name: string): string => join(folder, name);
  const settings = { second: "" };
  let stack: EngineStack;

  beforeAll(async () => {
    stack = await EngineStack.open(folder, () => {
      const first = new local.Command("first", { create: `echo first >> ${file("log")}` });
      const create = settings.second;
      return { done: new local.Command("second", { create }, { dependsOn: first }).stdout };
    });
  }, FIRST_RUN_MS);

  afterAll(() => {
    stack.remove();
  });

  test("ends the running command when it is cancelled, and keeps what was made before", async () => {
    settings.second = `sleep 300 & echo $! > ${file("pid")}; wait`;
    const cancel = new AbortController();
    const update = stack.failingUp(cancel.signal);
    await waitUntil(() => existsSync(file("pid")), "the command runs");
    await sleep(100);
    cancel.abort();
    await update;
    const pid = Number(readFileSync(file("pid"), "utf8"));
    await waitUntil(() => !isAlive(pid), "the command's child has ended");
    expect(stack.stateText()).toContain("::first");
  });

  test("ends the running command when the engine is killed, and goes on from there", async () => {
    // The shell's parent is the plugin, and the plugin's is the engine.
    settings.second = `engine=$(awk '{ print $4 }' "/proc/$PPID/stat")
      echo $$ > ${file("shell")}; kill -9 "$engine"; sleep 300`;
    await stack.failingUp();
    const shell = Number(readFileSync(file("shell"), "utf8"));
    await waitUntil(() => !isAlive(shell), "the command has ended");

    settings.second = "echo at last";
    await stack.unlock();
    expect(await stack.up()).toEqual({ create: 1, same: 2 });
    expect(await stack.outputs()).toEqual({ done: "at last" });
    expect(readFileSync(file("log"), "utf8")).toBe("first\n");
  });

  test("runs a failed command again, and says what it printed", async () => {
    writeFileSync(file("log"), "");
    settings.second = "echo to stdout; echo to stderr >&2; exit 3";
    const said = await stack.failingUp();
    expect(said).toContain('exit status 3: running "echo to stdout; echo to stderr >&2; exit 3":');
    expect(said).toMatch(/to stdout\s+to stderr/);
    settings.second = "echo mended";
    expect(await stack.up()).toEqual({ update: 1, same: 2 });
    expect(await stack.outputs()).toEqual({ done: "mended" });
    expect(readFileSync(file("log"), "utf8")).toBe("");
  });
});
