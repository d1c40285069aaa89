import { existsSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { hostname } from "node:os";
import { basename, join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { UserError } from "../components/lib/user-error";
import { withProgress } from "./progress";

const PAUSE_MS = 200;

/**
 * Pulumi's name of the local file backend in a folder.
 *
 * Without `metadata=skip` it keeps a file of attributes beside each of its own, which it empties and then writes: whoever
 * reads the state in that moment, or after a kill in it, is told `failed to load checkpoint: EOF`
 * (gocloud.dev/blob/fileblob, attrs.go). The files themselves are replaced whole.
 */
export function localBackendUrl(folder: string): string {
  return `file://${folder}?metadata=skip`;
}

/** Removes such files where a run without that has left them: they are still read where they are there, and nothing needs them. */
export function dropAttributes(backend: string): void {
  const folder = join(backend, ".pulumi");
  if (!existsSync(folder)) {
    return;
  }
  for (const entry of readdirSync(folder, { recursive: true, withFileTypes: true })) {
    if (entry.isFile() && entry.name.endsWith(".attrs")) {
      rmSync(join(entry.parentPath, entry.name), { force: true });
    }
  }
}

/** How long a command waits for an operation that another run has begun. */
export const OTHER_LIMIT_SECONDS = 60;

/** What a killed CLI leaves of a lock that it was about to write: as old versions name it, and as 3.256 does. */
const UNFINISHED = /^fileblob\d+$|\.json\.[0-9a-f]+\.tmp$/;

interface Lock {
  path: string;
  /** Process of the engine; absent where the file does not say. */
  pid?: number;
  hostname?: string;
}

/** Whether the process is there and is Pulumi's CLI: numbers of processes are used again. */
function isPulumi(pid: number): boolean {
  try {
    process.kill(pid, 0);
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === "EPERM";
  }
  try {
    const [program = ""] = readFileSync(`/proc/${String(pid)}/cmdline`, "utf8").split("\0");
    return basename(program) === "pulumi";
  } catch {
    // There is no /proc; where there is, the process has just ended.
    return !existsSync("/proc/self");
  }
}

function listLocks(backend: string): Lock[] {
  const folder = join(backend, ".pulumi", "locks");
  if (!existsSync(folder)) {
    return [];
  }
  return readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .filter(({ name }) => name.endsWith(".json") || UNFINISHED.test(name))
    .map(({ parentPath, name }) => {
      const path = join(parentPath, name);
      try {
        return { ...(JSON.parse(readFileSync(path, "utf8")) as Omit<Lock, "path">), path };
      } catch {
        return { path };
      }
    });
}

function isStale({ pid, hostname: host }: Lock): boolean {
  return pid === undefined || (host === hostname() && !isPulumi(pid));
}

/**
 * Removes the locks of a local file backend whose process on this computer is gone, as an interrupted operation leaves
 * them; says so for each. A lock of a living process, or of another computer, stays.
 */
export function releaseStaleLocks(backend: string): void {
  for (const { path, pid } of listLocks(backend).filter(isStale)) {
    rmSync(path, { force: true });
    const owner = pid === undefined ? "" : ` (process ${String(pid)})`;
    process.stderr.write(`released the lock of an operation that was interrupted${owner}\n`);
  }
}

/**
 * Waits until no engine on this computer is at work on a stack of a local file backend: one that was interrupted a
 * moment ago is still ending.
 *
 * @throws {UserError} naming the process that is still at work after the limit
 */
export async function awaitLocks(
  backend: string,
  stack: string,
  limitSeconds: number,
): Promise<void> {
  const busy = (): Lock[] =>
    listLocks(backend)
      .filter(({ path }) => path.includes(`/${stack}/`))
      .filter((lock) => lock.hostname === hostname() && !isStale(lock));
  if (busy().length === 0) {
    return;
  }
  const deadline = Date.now() + limitSeconds * 1000;
  await withProgress("waiting for another operation on the stack to end", async () => {
    for (let locks = busy(); locks.length > 0; locks = busy()) {
      if (Date.now() >= deadline) {
        const pids = locks.map(({ pid }) => String(pid)).join(" ");
        throw new UserError(
          `stack ${stack}: another operation is at work on it (process ${pids}); wait for its end or interrupt it (kill -INT ${pids}), then run this again`,
        );
      }
      await sleep(PAUSE_MS);
    }
  });
}
