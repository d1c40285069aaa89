import { spawnSync } from "node:child_process";
import { existsSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { hostname, tmpdir } from "node:os";
import { join } from "node:path";
import { releaseStaleLocks } from "../../../ops/stale-locks";

describe("releaseStaleLocks", () => {
  const backend = mkdtempSync(join(tmpdir(), "swarmstead-locks-"));
  const folder = join(backend, ".pulumi", "locks", "organization", "swarmstead", "dev");
  const told: string[] = [];
  const gone = spawnSync("true").pid;

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

  test("keeps the lock of a living process, and of another computer", () => {
    const living = lock(process.pid);
    const elsewhere = lock(gone, "another-computer", "b.json");
    releaseStaleLocks(backend);
    expect([existsSync(living), existsSync(elsewhere), told]).toEqual([true, true, []]);
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
