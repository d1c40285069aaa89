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
  const { stdout, stderr } = process;
  const kept = [stdout.write.bind(stdout), stderr.write.bind(stderr)] as const;
  const listen = (name: keyof typeof heard) => (text: string | Uint8Array) => {
    heard[name] += String(text);
    return true;
  };
  stdout.write = listen("stdout");
  stderr.write = listen("stderr");
  process.argv = [process.execPath, MAIN, ...words];
  process.exitCode = undefined;
  Reflect.deleteProperty(load.cache, MAIN);
  load(MAIN);
  const code = await exitCode();
  stdout.write = kept[0];
  stderr.write = kept[1];
  process.exitCode = 0;
  return { code, ...heard };
}

/** The exit code, once the program has set it. */
async function exitCode(): Promise<number> {
  while (process.exitCode === undefined) {
    await new Promise((resolve) => setTimeout(resolve, 5));
  }
  return Number(process.exitCode);
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
