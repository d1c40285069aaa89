import { type SpawnOptions, spawn } from "node:child_process";
import { constants } from "node:os";

const SIGNALS = ["SIGINT", "SIGTERM", "SIGHUP"] as const;

/**
 * Runs a program that has the terminal to itself, and gives its exit code as a shell would.
 *
 * A signal to the launcher goes on to it, and its end is waited for. Ctrl-C is not passed on, as a terminal gives it to
 * both: twice would end Pulumi at once.
 */
export function runInTerminal(
  program: string,
  words: readonly string[],
  options: Pick<SpawnOptions, "cwd" | "env"> = {},
): Promise<number> {
  return new Promise((resolve, reject) => {
    const child = spawn(program, words, { ...options, stdio: "inherit" });
    const pass = (signal: NodeJS.Signals): void => {
      if (signal !== "SIGINT" || !process.stdin.isTTY) {
        child.kill(signal);
      }
    };
    const finish = (): void => {
      SIGNALS.forEach((signal) => process.off(signal, pass));
    };
    SIGNALS.forEach((signal) => process.on(signal, pass));
    child.on("error", (error) => {
      finish();
      reject(error);
    });
    child.on("close", (code, signal) => {
      finish();
      resolve(code ?? 128 + (signal ? constants.signals[signal] : 0));
    });
  });
}
