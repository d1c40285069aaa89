import { type ChildProcess, spawn, spawnSync } from "node:child_process";
import { existsSync, mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { hostname, tmpdir } from "node:os";
import { join } from "node:path";
import { awaitLocks, dropAttributes, releaseStaleLocks } from "../../../ops/local-backend";

describe("releaseStaleLocks", () => {
  const backend = mkdtempSync(join(tmpdir(), "swarmstead-locks-"));
  const folder = join(backend, ".pulumi", "locks", "organization", "swarmstead", "dev");
  const told: string[] = [];
  const gone = spawnSync("true").pid;
  let engine: ChildProcess;

  beforeAll(() => {
    engine = spawn("sleep", ["300"], { argv0: "/somewhere/bin/pulumi" });
  });

  beforeEach(() => {
    told.length = 0;
    mkdirSync(folder, { recursive: true });
    jest.spyOn(process.stderr, "write").mockImplementation((text) => {
      told.push(String(text));
      return true;
    });
  });
  afterEach(() => {
    jest.restoreAllMocks();
    rmSync(join(backend, ".pulumi"), { recursive: true });
  });
  afterAll(() => {
    engine.kill("SIGKILL");
    rmSync(backend, { recursive: true });
  });

  function lock(pid: number, host = hostname(), name = "a.json"): string {
    const path = join(folder, name);
    writeFileSync(path, JSON.stringify({ pid, username: "x", hostname: host }));
    return path;
  }

  test("releases the lock of a process that is gone, and says so", () => {
    const path = lock(gone);
    releaseStaleLocks(backend);
    expect(existsSync(path)).toBe(false);
    expect(told).toEqual([
      `released the lock of an operation that was interrupted (process ${String(gone)})\n`,
    ]);
  });

  test("releases the lock whose process is another program by now", () => {
    const path = lock(process.pid);
    releaseStaleLocks(backend);
    expect(existsSync(path)).toBe(false);
  });

  test("releases what a killed engine has left of a lock", () => {
    const unfinished = lock(gone, hostname(), "fileblob123");
    const newer = lock(gone, hostname(), "d.json.18c3a7f0e1b2.tmp");
    const empty = join(folder, "c.json");
    writeFileSync(empty, "");
    releaseStaleLocks(backend);
    expect([unfinished, newer, empty].filter((path) => existsSync(path))).toEqual([]);
  });

  test("keeps the lock of a living engine, and of another computer", () => {
    const living = lock(engine.pid ?? 0);
    const elsewhere = lock(gone, "another-computer", "b.json");
    releaseStaleLocks(backend);
    expect([existsSync(living), existsSync(elsewhere), told]).toEqual([true, true, []]);
  });

  test("waits for a living engine, and names the one that stays", async () => {
    const path = lock(engine.pid ?? 0);
    await expect(awaitLocks(backend, "dev", 0.1)).rejects.toThrow(
      `stack dev: another operation is at work on it (process ${String(engine.pid)}); wait for its end or interrupt it`,
    );
    await awaitLocks(backend, "other", 0);
    setTimeout(() => {
      rmSync(path);
    }, 300);
    await awaitLocks(backend, "dev", 20);
    expect(existsSync(path)).toBe(false);
  });

  test("passes over what is no lock", () => {
    const path = join(folder, "note.txt");
    writeFileSync(path, "x");
    releaseStaleLocks(backend);
    expect(existsSync(path)).toBe(true);
  });

  test("does nothing where there is no backend yet", () => {
    expect(() => {
      releaseStaleLocks(join(backend, "nowhere"));
    }).not.toThrow();
  });
});

describe("dropAttributes", () => {
  test("removes the files of attributes that an earlier version has left, and nothing else", () => {
    const backend = mkdtempSync(join(tmpdir(), "swarmstead-attributes-"));
    expect(() => {
      dropAttributes(backend);
    }).not.toThrow();
    const folder = join(backend, ".pulumi", "stacks", "swarmstead");
    mkdirSync(folder, { recursive: true });
    writeFileSync(join(folder, "dev.json"), "{}");
    writeFileSync(join(folder, "dev.json.attrs"), "");
    const lock = join(backend, ".pulumi", "locks", "organization", "swarmstead", "dev");
    mkdirSync(lock, { recursive: true });
    writeFileSync(join(lock, "c.json.attrs"), "{}");
    dropAttributes(backend);
    expect(readdirSync(lock)).toEqual([]);
    expect(readdirSync(folder)).toEqual(["dev.json"]);
    rmSync(backend, { recursive: true });
  });
});
