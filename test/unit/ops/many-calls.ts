import { readFileSync } from "node:fs";
import { createRequire } from "node:module";

/** What one call of the launcher's program left behind. */
export interface Outcome {
  code: number;
  stdout: string;
  stderr: string;
}

const load = createRequire(__filename);
const MAIN = load.resolve("../../../ops/main.ts");

/** Runs the program from its first line, with all that it imports already loaded by the call before. */
async function call(words: readonly string[]): Promise<Outcome> {
  const heard = { stdout: "", stderr: "" };
  const kept = { stdout: process.stdout.write, stderr: process.stderr.write };
  for (const name of ["stdout", "stderr"] as const) {
    process[name].write = (text: string | Uint8Array): boolean => {
      heard[name] += String(text);
      return true;
    };
  }
  process.argv = [process.execPath, MAIN, ...words];
  process.exitCode = undefined;
  Reflect.deleteProperty(load.cache, MAIN);
  load(MAIN);
  let code: typeof process.exitCode;
  do {
    await new Promise((resolve) => setTimeout(resolve, 5));
    code = process.exitCode as typeof process.exitCode;
  } while (code === undefined);
  process.stdout.write = kept.stdout;
  process.stderr.write = kept.stderr;
  process.exitCode = 0;
  return { code: Number(code), ...heard };
}

/** Reads a list of calls from stdin and prints the list of their outcomes. */
async function main(): Promise<void> {
  const calls = JSON.parse(readFileSync(0, "utf8")) as string[][];
  const outcomes: Outcome[] = [];
  for (const words of calls) {
    outcomes.push(await call(words));
  }
  process.stdout.write(JSON.stringify(outcomes));
}

void main();
