import { stringify } from "yaml";
import type { z } from "zod";
import { type ComposeNeeds, needsOf } from "./compose";
import type { ComposeSchema } from "./compose-schema";

/** A compose v3 file as an object. A dollar sign in it stands for itself. */
export type Compose = z.input<typeof ComposeSchema>;

/** How a service of the platform's own is deployed, as far as two of them may differ. */
export interface EveryManager {
  /** Limit of each task, as Docker has it: `64M`. */
  memory: string;
  /** How long a task must live before the next machine's turn comes. */
  monitor: string;
  /** Pause between two machines. @default none */
  delay?: string;
}

type Deploy = NonNullable<Compose["services"][string]["deploy"]>;

/** One task on every manager; an update goes from one to the next, and back where a task does not live. */
export function onEveryManager({ memory, monitor, delay }: EveryManager): Deploy {
  // The old one ends first: two cannot have one port, or one socket, of a node (moby#36934).
  const roll = { order: "stop-first", parallelism: 1, ...(delay === undefined ? {} : { delay }) };
  return {
    mode: "global",
    placement: { constraints: ["node.role == manager"] },
    update_config: { ...roll, monitor, failure_action: "rollback" },
    rollback_config: roll,
    restart_policy: { condition: "any", delay: "1s" },
    resources: { limits: { memory } },
  };
}

/**
 * A stack of the platform's own as `docker stack deploy` reads it. The rules that keep an app to what is its own do not
 * hold for it.
 */
export function ownCompose(stack: string, compose: Compose): { text: string; needs: ComposeNeeds } {
  // Every text in quotes: Docker reads YAML 1.1, to which `on` or `1:30` mean something else.
  const text = stringify(compose, {
    defaultStringType: "QUOTE_DOUBLE",
    defaultKeyType: "PLAIN",
    lineWidth: 0,
  });
  return { text: text.replaceAll("$", "$$$$"), needs: needsOf(stack, compose) };
}
