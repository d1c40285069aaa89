import { CommandError } from "@pulumi/pulumi/automation";
import { UserError } from "../components/lib/user-error";
import { interruption } from "./interruption";
import { OperationLog, type Phase } from "./operation-log";

/** What every operation of the engine takes. */
export interface OperationOptions {
  onOutput: (text: string) => void;
  onError: (text: string) => void;
  onEvent: OperationLog["onEvent"];
  color: "always" | "never";
  suppressProgress: true;
  /** Aborts when the operation is to end in order. */
  signal: AbortSignal;
}

/** Why it failed: what fails before the engine begins, the CLI tells on stderr alone. */
function renderReasons({ out, err }: { out: string; err: string }): string {
  const told = err
    .split("\n")
    .map((line) => line.trim())
    .filter((line) => line.startsWith("error: ") && !out.includes(line));
  const reasons = [...new Set(told)].map((line) => line.replace(/^error: /, "")).join("; ");
  if (reasons === "") {
    return ", as shown above";
  }
  const cure = reasons.includes("passphrase")
    ? " (where the passphrase is lost, ./swarmstead adopt brings the stack back)"
    : "";
  return `: ${reasons}${cure}`;
}

/**
 * Runs an operation of Pulumi's engine: its output is shown as Pulumi shows it, and what takes long is named.
 *
 * @returns what the operation gave, and how long each layer took
 * @throws {UserError} where it failed, as the output above tells, or was interrupted
 */
export async function runOperation<T>(
  name: string,
  operation: (options: OperationOptions) => Promise<T>,
): Promise<{ result: T; phases: Phase[] }> {
  const log = new OperationLog();
  const said = { out: "", err: "" };
  try {
    const result = await interruption.operate((signal) =>
      operation({
        onOutput: (text) => {
          said.out += text;
          process.stdout.write(text);
        },
        onError: (text) => {
          said.err += text;
        },
        onEvent: log.onEvent,
        color: process.stdout.isTTY ? "always" : "never",
        suppressProgress: true,
        signal,
      }),
    );
    return { result, phases: log.finish() };
  } catch (error) {
    log.finish();
    if (error instanceof CommandError || (error as Error).name === "ConcurrentUpdateError") {
      throw new UserError(
        `${name} failed${renderReasons(said)}; when the cause is mended, run ./swarmstead ${name} again`,
      );
    }
    throw error;
  }
}
