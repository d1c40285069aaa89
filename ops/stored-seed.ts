import type { CommandError, Deployment, Stack } from "@pulumi/pulumi/automation";

/** How the engine marks a secret in a state that is shown in the clear; its content is JSON text. */
const SECRET_MARK = "4dabf18193072939515e22adb298388d";

interface StateResource {
  urn: string;
  outputs?: Record<string, unknown>;
}

function reveal(value: unknown): unknown {
  if (typeof value !== "object" || value === null) {
    return value;
  }
  if (SECRET_MARK in value) {
    return reveal(JSON.parse((value as { plaintext?: string }).plaintext ?? "null"));
  }
  return Object.fromEntries(Object.entries(value).map(([key, inner]) => [key, reveal(inner)]));
}

/** The seed that a state holds, given or made there; nothing where the state has none yet. */
export function seedOf({ deployment }: Deployment): string | undefined {
  const { resources } = (deployment ?? {}) as { resources?: StateResource[] };
  const owner = resources?.find(({ urn }) =>
    urn.endsWith("::random:index/randomPassword:RandomPassword::seed"),
  );
  const { keepers, result } = reveal(owner?.outputs ?? {}) as {
    keepers?: { given?: string };
    result?: string;
  };
  // Text without content stands for a seed that was not given.
  return keepers?.given || result;
}

/**
 * The seed of the stack.
 *
 * @throws {CommandError} if the state cannot be opened
 */
export async function readSeed(stack: Stack): Promise<string | undefined> {
  return seedOf(await stack.exportStack());
}

/** What Pulumi's CLI gave as the reason for a failure. */
export function reasonOf({ message }: CommandError): string {
  const lines = message.split("\n").map((line) => line.trim());
  const told = lines.filter((line) => line.startsWith("error: "));
  return (told.at(-1) ?? lines.find(Boolean) ?? "").replace(/^error: /, "");
}
