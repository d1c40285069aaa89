import { spawn } from "node:child_process";
import { existsSync } from "node:fs";
import { UserError } from "../components/lib/user-error";
import type { Context } from "./context";

/** What a command on a machine left behind. */
export interface SessionResult {
  /** Exit code; 255 where SSH itself failed, as `ssh` has it. */
  code: number;
  stdout: string;
  stderr: string;
}

/** @throws {UserError} if the stack has no machines yet */
export function requireSshConfig(context: Context): void {
  if (!existsSync(context.sshConfig)) {
    throw new UserError(`stack ${context.stack}: has no machines yet; run ./swarmstead up`);
  }
}

/**
 * Runs a script as root on a machine, with a limit on the whole.
 *
 * @param host machine's name, or the alias that leads to any live manager
 */
export function runOn(
  context: Context,
  host: string,
  script: string,
  timeoutSeconds: number,
): Promise<SessionResult> {
  return new Promise((resolve) => {
    const words = ["-F", context.sshConfig, "-o", "ConnectTimeout=10", host, "sudo bash -s"];
    const child = spawn("ssh", words, { stdio: "pipe" });
    const out = { stdout: "", stderr: "" };
    const timer = setTimeout(() => child.kill("SIGKILL"), timeoutSeconds * 1000);
    child.stdout.on("data", (data: Buffer) => {
      out.stdout += data.toString();
    });
    child.stderr.on("data", (data: Buffer) => {
      out.stderr += data.toString();
    });
    child.stdin.on("error", () => {
      // The machine has gone; the exit code says so.
    });
    child.stdin.end(script);
    child.on("error", ({ message }) => {
      clearTimeout(timer);
      resolve({ code: 255, stdout: "", stderr: message });
    });
    child.on("close", (code) => {
      clearTimeout(timer);
      resolve({ code: code ?? 255, ...out });
    });
  });
}
