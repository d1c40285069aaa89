import { CommandError } from "@pulumi/pulumi/automation";
import { UserError } from "../components/lib/user-error";
import { OperationLog, type Phase } from "./operation-log";

/** What every operation of the engine takes. */
export interface OperationOptions {
  onOutput: (text: string) => void;
  onEvent: OperationLog["onEvent"];
  color: "always" | "never";
  suppressProgress: true;
}

/**
 * Runs an operation of Pulumi's engine: its output is shown as Pulumi shows it, and what takes long is named.
 *
 * @returns what the operation gave, and how long each layer took
 * @throws {UserError} where it failed; why stands in the output above
 */
export async function runOperation<T>(
  name: string,
  operation: (options: OperationOptions) => Promise<T>,
): Promise<{ result: T; phases: Phase[] }> {
  const log = new OperationLog();
  try {
    const result = await operation({
      onOutput: (text) => process.stdout.write(text),
      onEvent: log.onEvent,
      color: process.stdout.isTTY ? "always" : "never",
      suppressProgress: true,
    });
    return { result, phases: log.finish() };
  } catch (error) {
    log.finish();
    if (error instanceof CommandError || (error as Error).name === "ConcurrentUpdateError") {
      throw new UserError(
        `${name} failed, as shown above; when the cause is mended, run ./swarmstead ${name} again`,
      );
    }
    throw error;
  }
}
