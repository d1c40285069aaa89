import { spawn } from "node:child_process";
import { appendFileSync, closeSync, openSync } from "node:fs";
import { UserError } from "../lib/user-error";

export interface RunOptions {
  /** Environment beside this process's own. @default none */
  env?: Record<string, string>;
  /** File that both streams go to, too. @default none */
  log?: string;
  /** Given each line of the output as it comes. @default none */
  onLine?: (line: string) => void;
  /** What the program reads. @default nothing */
  input?: string;
}

/**
 * Runs a program to its end and gives what it printed.
 *
 * @throws {UserError} with its last lines where its exit code is not 0
 */
export function runProgram(
  program: string,
  words: readonly string[],
  { env = {}, log, onLine, input }: RunOptions = {},
): Promise<string> {
  return new Promise((resolve, reject) => {
    const child = spawn(program, words, { env: { ...process.env, ...env }, stdio: "pipe" });
    const lines: string[] = [];
    let rest = "";
    const write = log === undefined ? undefined : openSync(log, "w");
    const take = (data: Buffer): void => {
      if (write !== undefined) {
        appendFileSync(write, data);
      }
      const parts = (rest + data.toString()).split("\n");
      rest = parts.pop() ?? "";
      for (const line of parts) {
        lines.push(line);
        onLine?.(line);
      }
    };
    child.stdout.on("data", take);
    child.stderr.on("data", take);
    child.stdin.on("error", () => {
      // It ended before it read all; its exit code tells.
    });
    child.stdin.end(input);
    child.on("error", reject);
    child.on("close", (code) => {
      if (write !== undefined) {
        closeSync(write);
      }
      lines.push(rest);
      if (code === 0) {
        resolve(lines.join("\n"));
        return;
      }
      const last = lines.filter(Boolean).slice(-12).join("\n");
      const more = log === undefined ? "" : `\nthe whole output: ${log}`;
      reject(new UserError(`${program}: exit code ${String(code)}\n${last}${more}`));
    });
  });
}
