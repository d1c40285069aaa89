import { existsSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { hostname } from "node:os";
import { join } from "node:path";

function alive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === "EPERM";
  }
}

/**
 * Removes the locks of a local file backend whose process on this computer is gone, as an interrupted operation leaves
 * them; says so for each. A lock of a living process, or of another computer, stays.
 */
export function releaseStaleLocks(backend: string): void {
  const folder = join(backend, ".pulumi", "locks");
  if (!existsSync(folder)) {
    return;
  }
  for (const entry of readdirSync(folder, { recursive: true, withFileTypes: true })) {
    if (!entry.isFile() || !entry.name.endsWith(".json")) {
      continue;
    }
    const path = join(entry.parentPath, entry.name);
    const lock = JSON.parse(readFileSync(path, "utf8")) as { pid: number; hostname: string };
    if (lock.hostname === hostname() && !alive(lock.pid)) {
      rmSync(path);
      process.stderr.write(
        `released the lock of an operation that was interrupted (process ${String(lock.pid)})\n`,
      );
    }
  }
}
