import { existsSync, readdirSync, rmSync } from "node:fs";
import { join } from "node:path";

/**
 * Removes what processes that are no longer there have left half made.
 *
 * @param folder where they work; need not exist
 * @param pattern of a name, with the process in its first group
 */
export function removeLeftovers(folder: string, pattern: RegExp): void {
  if (!existsSync(folder)) {
    return;
  }
  for (const name of readdirSync(folder)) {
    const owner = pattern.exec(name)?.[1];
    if (owner && !existsSync(`/proc/${owner}`)) {
      rmSync(join(folder, name), { recursive: true, force: true });
    }
  }
}
