import * as pulumi from "@pulumi/pulumi";
import type { z } from "zod";
import { type Fault, listFaults, renderFault, valueAt } from "../components/lib/fault";
import { APPS, findAppFaults } from "./apps";
import { crossFaults } from "./config-rules";
import { type ClusterConfig, ClusterSchema } from "./config-schema";
import { seedFault } from "./seed";

export type { ClusterConfig, EntryConfig } from "./config-schema";

const KEY = "cluster";
const LONGEST_VALUE = 80;

/** An environment that says something that cannot be. The message holds every fault, and is for the operator as it is. */
export class ConfigError extends pulumi.RunError {
  public override readonly name = "ConfigError";
}

function show(value: unknown): string {
  const text = value === undefined || value === null ? "nothing" : JSON.stringify(value);
  if (text.includes("PRIVATE KEY")) {
    return "a private key";
  }
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

function render(fault: Fault, value: unknown): string {
  const got = show("got" in fault ? fault.got : valueAt(value, fault.path));
  return renderFault(fault, got, `swarmstead:${KEY}`);
}

/**
 * Checks an environment and fills in the defaults.
 *
 * @param value what stands under `swarmstead:cluster`
 * @param source the file's name, for the error
 * @param more faults of the file that are known already
 * @throws {ConfigError} with every fault, in the file's order: path, rule, value and cure
 */
export function parseClusterConfig(
  value: unknown,
  source: string,
  more: readonly Fault[] = [],
): ClusterConfig {
  const result = ClusterSchema.safeParse(value);
  const faults = [...schemaFaults(result.error?.issues ?? []), ...crossFaults(value), ...more];
  if (result.success && faults.length === 0) {
    return result.data;
  }
  const within = ` in swarmstead:${KEY}`;
  throw new ConfigError(listFaults(source, within, faults, value, (fault) => render(fault, value)));
}

/**
 * Checks an environment with the compose files of its apps, and fills in the defaults.
 *
 * @param value what stands under `swarmstead:cluster`
 * @param source the file's name, for the error
 * @param folder holds a folder for each app
 * @throws {ConfigError} with every fault of every file
 */
export function parseEnvironment(value: unknown, source: string, folder = APPS): ClusterConfig {
  const { missing, blocks } = findAppFaults(value, folder);
  try {
    const config = parseClusterConfig(value, source, missing);
    if (blocks.length === 0) {
      return config;
    }
  } catch (error) {
    if (!(error instanceof ConfigError)) {
      throw error;
    }
    blocks.unshift(error.message);
  }
  throw new ConfigError(blocks.join("\n"));
}

/**
 * The environment of the stack that Pulumi runs. The only reader of `pulumi.Config`.
 *
 * @throws {ConfigError} with every fault of the stack's file and of its apps' compose files
 */
export function loadClusterConfig(): ClusterConfig {
  const text = new pulumi.Config("swarmstead").get(KEY);
  let value: unknown = text;
  try {
    value = text === undefined ? undefined : JSON.parse(text);
  } catch {
    // A plain word instead of a map: the schema says what it must be.
  }
  return parseEnvironment(value, `Pulumi.${pulumi.getStack()}.yaml`);
}

/**
 * The seed that the stack's settings give, where they do; no message shows it.
 *
 * @throws {ConfigError} where it is too short, or no text of letters and digits
 */
export function loadSeed(): string | undefined {
  // Not by `Config.get`, which warns of a secret, nor `getSecret`, which would tell of a fault too late.
  const seed = pulumi.runtime.getConfig("swarmstead:seed");
  const fault = seed === undefined ? undefined : seedFault(seed);
  if (fault !== undefined) {
    throw new ConfigError(`Pulumi.${pulumi.getStack()}.yaml: swarmstead:seed: ${fault}`);
  }
  return seed;
}
