import { spawn } from "node:child_process";
import { findFaults, given } from "../input-rules";
import type { ResourceKind } from "../resource-kind";
import type { Properties } from "../wire-values";
import {
  COMMAND_RULES,
  CommandOutput,
  commandKind,
  previousOutput,
  type RunCommand,
} from "./command-kind";

const RULES = {
  ...COMMAND_RULES,
  dir: "a string",
  environment: "a map of strings",
  interpreter: "a list of strings",
} as const;

const SHELL = ["/bin/sh", "-c"];

/** How long a command has to end after it is asked to, in milliseconds. */
const GRACE_MS = 3000;

function signalGroup(pid: number | undefined, signal: NodeJS.Signals): void {
  try {
    if (pid !== undefined) {
      process.kill(-pid, signal);
    }
  } catch {
    // It has ended by itself.
  }
}

const runLocally: RunCommand = (command, inputs, previous, { signal }) =>
  new Promise((resolve, reject) => {
    const interpreter = (inputs.interpreter ?? []) as readonly string[];
    const [program, ...args] = [...(interpreter.length > 0 ? interpreter : SHELL), command];
    const stdin = (inputs.stdin ?? "") as string;
    const child = spawn(program, args, {
      cwd: (inputs.dir as string | undefined) ?? process.cwd(),
      env: {
        ...process.env,
        ...(inputs.environment as Record<string, string> | undefined),
        ...previousOutput(inputs, previous),
      },
      stdio: [stdin === "" ? "ignore" : "pipe", "pipe", "pipe"],
      // A process group of its own, so that cancelling ends what the command started, too.
      detached: true,
    });
    const output = new CommandOutput();
    const abort = (): void => {
      signalGroup(child.pid, "SIGTERM");
      setTimeout(() => {
        signalGroup(child.pid, "SIGKILL");
      }, GRACE_MS).unref();
    };
    signal.addEventListener("abort", abort, { once: true });
    child.stdout?.on("data", (data: Buffer) => {
      output.add("stdout", data);
    });
    child.stderr?.on("data", (data: Buffer) => {
      output.add("stderr", data);
    });
    // A command need not read all of its stdin.
    child.stdin?.on("error", () => undefined);
    child.stdin?.end(stdin);
    child.on("error", (error) => {
      signal.removeEventListener("abort", abort);
      reject(output.failure(error.message, command));
    });
    child.on("close", (code, killedBy) => {
      signal.removeEventListener("abort", abort);
      if (code === 0) {
        resolve(output.result());
        return;
      }
      const reason = killedBy ? `signal: ${killedBy}` : `exit status ${String(code)}`;
      reject(output.failure(reason, command));
    });
    if (signal.aborted) {
      abort();
    }
  });

/** `command:local:Command` */
export const localCommand: ResourceKind = commandKind((inputs: Properties) => {
  const present = given(inputs);
  return { inputs: present, faults: findFaults(present, RULES) };
}, runLocally);
