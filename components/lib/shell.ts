import { createHash } from "node:crypto";
import { readFileSync } from "node:fs";
import { join } from "node:path";

const STEP_SCRIPT = join(__dirname, "scripts/step.sh");
const STAMP_SCRIPT = join(__dirname, "scripts/stamp.sh");

/** Values for a script: shell variable name to text. Lists are joined by the caller. */
export type ScriptValues = Readonly<Record<string, string>>;

/**
 * One word for a POSIX shell that means `text`, whatever is in it.
 *
 * @throws {Error} if the text holds a NUL byte, which no shell variable can.
 */
export function quote(text: string): string {
  if (text.includes("\0")) {
    throw new Error("a script value must not hold a NUL byte");
  }
  return `'${text.replaceAll("'", "'\\''")}'`;
}

/**
 * The whole text that `bash -s` reads: the values as shell variables, then the script.
 *
 * The variables are not exported, so that a child process does not find a secret in its environment.
 *
 * @throws {Error} if a name is not an upper-case shell variable name.
 */
export function withValues(script: string, values: ScriptValues): string {
  const assignments = Object.entries(values).map(([name, value]) => {
    if (!/^[A-Z][A-Z0-9_]*$/.test(name)) {
      throw new Error(`script value ${name}: must be an upper-case shell variable name`);
    }
    return `${name}=${quote(value)}\n`;
  });
  return assignments.join("") + script;
}

/**
 * A value out of a text that `withValues` made; the way back of `quote`.
 *
 * @returns nothing where the text has no such value
 */
export function valueIn(text: string, name: string): string | undefined {
  const found = new RegExp(`^${name}='((?:[^']|'\\\\'')*)'$`, "m").exec(text);
  return found?.[1]?.replaceAll("'\\''", "'");
}

/** The text of a script behind those that define functions for it. */
export function scriptText(libraries: readonly string[], file: string): string {
  return [...libraries, file].map((path) => readFileSync(path, "utf8")).join("\n");
}

/** A step as a machine reads it: what `scripts/step.sh` gives to every step, the values, the script. */
export function stepText(script: string, values: ScriptValues): string {
  return `${readFileSync(STEP_SCRIPT, "utf8")}\n${withValues(script, values)}`;
}

/**
 * The same for a step that belongs to one machine, ending in a stamp: once the script has succeeded, its machine
 * remembers under `step` the hash of what ran; a `delete` run removes the stamp, and a `check` run says where it is not
 * this one.
 */
export function stamped(step: string, script: string, values: ScriptValues): string {
  const text = stepText(script, values);
  const stamp = withValues(readFileSync(STAMP_SCRIPT, "utf8"), {
    STAMP_STEP: step,
    STAMP_HASH: createHash("sha256").update(text).digest("hex"),
  });
  return `${text}\n${stamp}`;
}
