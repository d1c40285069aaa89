import { spawn } from "node:child_process";
import { existsSync, readFileSync } from "node:fs";
import { UserError } from "../components/lib/user-error";
import type { Context } from "./context";

/** What a command on a machine left behind. */
export interface SessionResult {
  /** Exit code; 255 where SSH itself failed, as `ssh` has it. */
  code: number;
  stdout: string;
  stderr: string;
  /** When its first word arrived, or when it ended without one; milliseconds since 1970. */
  firstWordAt: number;
}

/** The part of a context that leads to machines. */
type SshContext = Pick<Context, "stack" | "sshConfig">;

/** @throws {UserError} if the stack has no machines yet */
export function requireSshConfig(context: SshContext): void {
  if (!existsSync(context.sshConfig)) {
    throw new UserError(`stack ${context.stack}: has no machines yet; run ./swarmstead up`);
  }
}

/** @throws {UserError} if a name is none of the generated SSH configuration */
export function requireMachine(context: SshContext, name: string): void {
  requireSshConfig(context);
  const hosts = readFileSync(context.sshConfig, "utf8").matchAll(/^Host ([^*\s]+)$/gm);
  const known = Array.from(hosts, ([, host = ""]) => host);
  if (!known.includes(name)) {
    throw new UserError(`NAME: must be one of ${known.join(", ")}, got ${name}`, 2);
  }
}

/**
 * Runs a script as root on a machine, with a limit on the whole.
 *
 * @param host machine's name, or the alias that leads to any live manager
 * @param firstManager which manager the alias tries first, so that what is asked at the same time is spread over them
 */
export function runOn(
  { sshConfig }: Pick<Context, "sshConfig">,
  host: string,
  script: string,
  timeoutSeconds: number,
  firstManager = 0,
): Promise<SessionResult> {
  return new Promise((resolve) => {
    const words = ["-F", sshConfig, "-o", "ConnectTimeout=10", host, "sudo bash -s"];
    const env = { ...process.env, SWARMSTEAD_FIRST_MANAGER: String(firstManager) };
    const child = spawn("ssh", words, { stdio: "pipe", env });
    const out = { stdout: "", stderr: "" };
    let firstWordAt: number | undefined;
    const timer = setTimeout(() => child.kill("SIGKILL"), timeoutSeconds * 1000);
    child.stdout.on("data", (data: Buffer) => {
      firstWordAt ??= Date.now();
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
      resolve({ code: 255, stdout: "", stderr: message, firstWordAt: Date.now() });
    });
    child.on("close", (code) => {
      clearTimeout(timer);
      resolve({ code: code ?? 255, ...out, firstWordAt: firstWordAt ?? Date.now() });
    });
  });
}
