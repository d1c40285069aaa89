import { readdirSync, readFileSync } from "node:fs";
import { join, relative } from "node:path";

/** Every file of a folder with its content, by its path in it, and every folder and link; node_modules is left out. */
export function readTree(folder: string): Record<string, string> {
  const entries = readdirSync(folder, { recursive: true, withFileTypes: true }).map((entry) => {
    const path = join(entry.parentPath, entry.name);
    return [relative(folder, path), entry.isFile() ? readFileSync(path, "utf8") : ""] as const;
  });
  return Object.fromEntries(entries.filter(([path]) => !path.startsWith("node_modules/")));
}
