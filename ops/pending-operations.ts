import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { quote } from "../components/lib/shell";
import { managerAlias } from "../components/lib/ssh-config";
import { type Cli, callCli } from "./cli-call";
import type { Context } from "./context";
import { localBackendUrl } from "./local-backend";
import { runOn } from "./ssh-session";

/** The stack whose state it is. */
type StateOwner = Pick<Context, "stack" | "backend" | "sshConfig">;

const REMOVE_SECONDS = 120;

/** What the engine was about when it was killed, as the state has it. */
export interface PendingOperation {
  /** `creating`, `updating`, `deleting`, … */
  type: string;
  resource: { urn: string; type: string; inputs?: { name?: unknown } };
}

/** Something in the swarm that the state may not know of. */
export interface StrandedObject {
  kind: "secret" | "network";
  name: string;
}

const KINDS: Readonly<Record<string, StrandedObject["kind"]>> = {
  "docker:index/secret:Secret": "secret",
  "docker:index/network:Network": "network",
};

/**
 * What the next creation would find taken: Docker has one secret and one network of a name. Steps by scripts are none
 * of them, as a script converges from whatever was done before.
 */
export function strandedObjects(pending: readonly PendingOperation[]): StrandedObject[] {
  return pending.flatMap(({ type, resource }) => {
    const kind = KINDS[resource.type];
    const name = resource.inputs?.name;
    return type === "creating" && kind && typeof name === "string" ? [{ kind, name }] : [];
  });
}

/** The state of a deployment, as far as it is looked at here. */
export interface StackState {
  resources?: { urn: string; inputs?: object; outputs?: object }[];
  pending_operations?: PendingOperation[];
}

/**
 * The state in which steps whose update was begun run again, whatever is wanted of them by now: their machine is between
 * what the state says and what was wanted then. The engine would pass over them once the old text is wanted again.
 */
export function withBegunSteps(state: StackState): StackState {
  const begun = (state.pending_operations ?? [])
    .filter(({ type, resource }) => type === "updating" && resource.type.startsWith("command:"))
    .map(({ resource }) => resource.urn);
  const resources = (state.resources ?? []).map((resource) =>
    begun.includes(resource.urn)
      ? {
          ...resource,
          inputs: { ...resource.inputs, create: "" },
          outputs: { ...resource.outputs, create: "" },
        }
      : resource,
  );
  return { ...state, resources };
}

/** The script that removes them where they are there; Docker itself refuses what a service uses. */
export function renderRemoval(objects: readonly StrandedObject[]): string {
  const lines = objects.map(({ kind, name }) => {
    const word = quote(name);
    return `! docker ${kind} inspect ${word} >/dev/null 2>&1 || docker ${kind} rm ${word} >/dev/null`;
  });
  return `${["set -euo pipefail", ...lines].join("\n")}\n`;
}

/** Whether the local backend's state tells of none; looking at it costs nothing, asking the CLI a second. */
function surelyNone({ backend, stack }: StateOwner, { env }: Cli): boolean {
  const file = join(backend, ".pulumi", "stacks", "swarmstead", `${stack}.json`);
  return (
    env.PULUMI_BACKEND_URL === localBackendUrl(backend) &&
    (!existsSync(file) || !readFileSync(file, "utf8").includes('"pending_operations"'))
  );
}

/**
 * Clears what the engine was about when it was killed, so that the next operation begins as if nothing had been begun.
 *
 * @param keepObjects whether what may have been made in the swarm stays, as it goes with its machines
 */
export async function clearPending(
  context: StateOwner,
  engine: Cli,
  { keepObjects = false } = {},
): Promise<void> {
  if (surelyNone(context, engine)) {
    return;
  }
  const own = ["--stack", context.stack];
  // Secrets stay as they are encrypted.
  const exported = await callCli(engine, ["stack", "export", ...own]);
  const whole = JSON.parse(exported) as { deployment: StackState };
  const { deployment } = whole;
  const pending = deployment.pending_operations ?? [];
  if (pending.length === 0) {
    return;
  }
  const objects = keepObjects ? [] : strandedObjects(pending);
  if (objects.length > 0) {
    const alias = managerAlias(context.stack);
    const { code, stderr } = await runOn(context, alias, renderRemoval(objects), REMOVE_SECONDS);
    if (code !== 0) {
      const names = objects.map(({ kind, name }) => `${kind} ${name}`).join(", ");
      process.stderr.write(`${names}: an interrupted run may have left it: ${stderr.trim()}\n`);
      return;
    }
  }
  // Whatever is taken over by an import has nothing pending.
  const mended = JSON.stringify({ ...whole, deployment: withBegunSteps(deployment) });
  await callCli(engine, ["stack", "import", ...own], mended);
  const steps = pending.map(({ resource }) => resource.urn.split("::").at(-1) ?? "").join(", ");
  process.stderr.write(`an interrupted run is taken up again at: ${steps}\n`);
}
