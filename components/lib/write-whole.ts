import {
  closeSync,
  fsyncSync,
  openSync,
  readFileSync,
  renameSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";

function textOf(path: string): string | undefined {
  try {
    return readFileSync(path, "utf8");
  } catch {
    return undefined;
  }
}

/**
 * Writes a file where its text differs, so that whoever reads it finds the text before or the text after, even where the
 * writer is killed meanwhile.
 *
 * @param mode permissions of a file that is new or different @default 0o644
 */
export function writeWhole(path: string, text: string, mode = 0o644): void {
  if (textOf(path) === text) {
    return;
  }
  // What a killed writer has left may have other permissions.
  rmSync(`${path}.new`, { force: true });
  const file = openSync(`${path}.new`, "wx", mode);
  try {
    writeFileSync(file, text);
    fsyncSync(file);
  } finally {
    closeSync(file);
  }
  renameSync(`${path}.new`, path);
}

/** Makes a symbolic link, or leads the one that is there elsewhere, with no moment without it. */
export function linkWhole(target: string, path: string): void {
  rmSync(`${path}.new`, { force: true });
  symlinkSync(target, `${path}.new`);
  renameSync(`${path}.new`, path);
}
