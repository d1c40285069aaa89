import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import * as pulumi from "@pulumi/pulumi";

/** A resource as the program registered it. */
export interface Registered {
  type: string;
  name: string;
  inputs: Record<string, unknown>;
}

/** What secrets look like to a mock. */
export const SECRET = "4dabf18193072939515e22adb298388d";

/** Records every resource that a program registers; outputs are the inputs and what real providers would add. */
class Recorder implements pulumi.runtime.Mocks {
  public readonly registered: Registered[] = [];

  public newResource(args: pulumi.runtime.MockResourceArgs): {
    id: string;
    state: Record<string, unknown>;
  } {
    const inputs = args.inputs as Record<string, unknown>;
    this.registered.push({ type: args.type, name: args.name, inputs });
    const added =
      args.type === "random:index/randomPassword:RandomPassword"
        ? { result: `secret-of-${args.name}-${"5a".repeat(24)}` }
        : { stdout: "", stderr: "" };
    return { id: `${args.name}-id`, state: { ...inputs, ...added } };
  }

  public call(): Record<string, unknown> {
    return {};
  }
}

/**
 * Runs a program under mocks to its end.
 *
 * @param look is given the folder of the stack's own files, once the program has ended
 * @returns what it registered, in order
 */
export async function deploy(
  program: () => void,
  stack = "dev",
  preview = false,
  look?: (state: string) => void,
): Promise<Registered[]> {
  const recorder = new Recorder();
  // The program writes an SSH configuration; never into the checkout's own, which a running lab may use.
  const state = mkdtempSync(join(tmpdir(), "swarmstead-plan-"));
  process.env.SWARMSTEAD_STATE = state;
  await pulumi.runtime.setMocks(recorder, "swarmstead", stack, preview);
  try {
    program();
    await pulumi.runtime.disconnect();
    look?.(state);
  } finally {
    rmSync(state, { recursive: true, force: true });
  }
  return recorder.registered;
}

/** The content of a value that may be secret. */
export function reveal(value: unknown): unknown {
  const record = value as Record<string, unknown> | null;
  return typeof record === "object" && record !== null && SECRET in record ? record.value : value;
}

/** Whether a value is marked as secret. */
export function isSecret(value: unknown): boolean {
  return typeof value === "object" && value !== null && SECRET in value;
}
