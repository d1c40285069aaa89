import { spawn } from "node:child_process";
import type { Engine } from "./engine";

/** How Pulumi's CLI is called. */
export type Cli = Pick<Engine, "cli" | "workDir" | "env">;

/**
 * Runs Pulumi's CLI with a text to read, and gives what it printed.
 *
 * @throws {Error} with the CLI's own words where its exit code is not 0
 */
export function callCli({ cli, workDir, env }: Cli, words: string[], input = ""): Promise<string> {
  return new Promise((resolve, reject) => {
    const child = spawn(cli, words, { cwd: workDir, env: { ...process.env, ...env } });
    const heard = { stdout: "", stderr: "" };
    for (const name of ["stdout", "stderr"] as const) {
      child[name].setEncoding("utf8").on("data", (text: string) => {
        heard[name] += text;
      });
    }
    child.stdin.on("error", () => {
      // It ended before it read all; its exit code tells.
    });
    child.stdin.end(input);
    child.on("error", reject);
    child.on("close", (code) => {
      if (code === 0) {
        resolve(heard.stdout);
      } else {
        reject(new Error(`pulumi ${words.join(" ")}: exit code ${String(code)}\n${heard.stderr}`));
      }
    });
  });
}
