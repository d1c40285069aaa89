import * as pulumi from "@pulumi/pulumi";
import type { z } from "zod";
import { type Fault, valueAt } from "./config-fault";
import { crossFaults } from "./config-rules";
import { type ClusterConfig, ClusterSchema } from "./config-schema";

export type { ClusterConfig } from "./config-schema";

const KEY = "cluster";
const LONGEST_VALUE = 80;

/** A stack file that says something that cannot be. The message holds every fault, and is for the operator as it is. */
export class ConfigError extends pulumi.RunError {
  public override readonly name = "ConfigError";
}

function show(value: unknown): string {
  const text = value === undefined || value === null ? "nothing" : JSON.stringify(value);
  return text.length > LONGEST_VALUE ? `${text.slice(0, LONGEST_VALUE)}…` : text;
}

function schemaFaults(issues: readonly z.core.$ZodIssue[]): Fault[] {
  return issues.flatMap((issue): Fault[] => {
    const { path } = issue;
    if (issue.code === "unrecognized_keys") {
      const [, known] = issue.message.split("; ");
      return issue.keys.map((key) => ({
        path: [...path, key],
        message: `is no setting; ${known ?? ""}`,
      }));
    }
    if (issue.code === "invalid_key") {
      return [{ path, message: issue.issues[0]?.message ?? "", got: path.at(-1) }];
    }
    return [{ path, message: issue.message }];
  });
}

/** Where in the file a fault stands: the place of each key among its neighbours; what is missing comes last. */
function placeOf(path: readonly PropertyKey[], value: unknown): number[] {
  return path.map((key, depth) => {
    const keys = Object.keys(Object(valueAt(value, path.slice(0, depth))) as object);
    const place = keys.indexOf(String(key));
    return place < 0 ? keys.length : place;
  });
}

function byPlace(one: readonly number[], other: readonly number[]): number {
  const at = one.findIndex((place, depth) => place !== other[depth]);
  return at < 0 ? one.length - other.length : (one[at] ?? 0) - (other[at] ?? -1);
}

function render(fault: Fault, value: unknown): string {
  const { path, message } = fault;
  const [rule = "", ...cure] = message.split("; ");
  const got = show("got" in fault ? fault.got : valueAt(value, path));
  const where = path.map(String).join(".") || `swarmstead:${KEY}`;
  return `  ${where}: ${[`${rule}, got ${got}`, ...cure].join("; ")}`;
}

/**
 * Checks an environment and fills in the defaults.
 *
 * @param value what stands under `swarmstead:cluster`
 * @param source the file's name, for the error
 * @throws {ConfigError} with every fault, in the file's order: path, rule, value and cure
 */
export function parseClusterConfig(value: unknown, source: string): ClusterConfig {
  const result = ClusterSchema.safeParse(value);
  const faults = [...schemaFaults(result.error?.issues ?? []), ...crossFaults(value)];
  if (result.success && faults.length === 0) {
    return result.data;
  }
  const lines = faults
    .map((fault) => ({ line: render(fault, value), place: placeOf(fault.path, value) }))
    .sort((one, other) => byPlace(one.place, other.place))
    .map(({ line }) => line);
  const unique = [...new Set(lines)];
  const count = unique.length === 1 ? "1 fault" : `${String(unique.length)} faults`;
  throw new ConfigError([`${source}: ${count} in swarmstead:${KEY}`, ...unique].join("\n"));
}

/**
 * The environment of the stack that Pulumi runs. The only reader of `pulumi.Config`.
 *
 * @throws {ConfigError} with every fault of the stack's file
 */
export function loadClusterConfig(): ClusterConfig {
  const text = new pulumi.Config("swarmstead").get(KEY);
  let value: unknown = text;
  try {
    value = text === undefined ? undefined : JSON.parse(text);
  } catch {
    // A plain word instead of a map: the schema says what it must be.
  }
  return parseClusterConfig(value, `Pulumi.${pulumi.getStack()}.yaml`);
}
