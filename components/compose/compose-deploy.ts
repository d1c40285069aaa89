import { z } from "zod";
import {
  Count,
  Cpus,
  Duration,
  oneOf,
  Pairs,
  Quantity,
  Size,
  section,
  Text,
  Texts,
} from "./compose-values";

const Rollout = section({
  parallelism: Count.optional(),
  delay: Duration.optional(),
  failure_action: oneOf("continue", "pause", "rollback").optional(),
  monitor: Duration.optional(),
  max_failure_ratio: Quantity.optional(),
  order: oneOf("start-first", "stop-first").optional(),
});

/** How a service runs in the swarm. */
export const Deploy = section({
  // A job's end is no fault, but a stack that waits for its tasks would wait for ever.
  mode: oneOf("replicated", "global").optional(),
  endpoint_mode: oneOf("vip", "dnsrr").optional(),
  replicas: Count.optional(),
  labels: Pairs.optional(),
  update_config: Rollout.optional(),
  rollback_config: Rollout.optional(),
  restart_policy: section({
    condition: oneOf("none", "on-failure", "any").optional(),
    delay: Duration.optional(),
    max_attempts: Count.optional(),
    window: Duration.optional(),
  }).optional(),
  placement: section({
    constraints: Texts.optional(),
    preferences: z.array(section({ spread: Text }), { error: "must be a list" }).optional(),
    max_replicas_per_node: Count.optional(),
  }).optional(),
  resources: section({
    limits: section({
      cpus: Cpus.optional(),
      memory: Size.optional(),
      pids: Count.optional(),
    }).optional(),
    reservations: section({
      cpus: Cpus.optional(),
      memory: Size.optional(),
      generic_resources: z.array(z.unknown(), { error: "must be a list" }).optional(),
    }).optional(),
  }).optional(),
}).nullable();
