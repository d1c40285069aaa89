import { parse } from "yaml";
import { ConfigError, parseClusterConfig } from "../../stacks/config";

/** The lines of faults that a YAML text gives, without the first line. */
export function configFaults(text: string): string[] {
  try {
    parseClusterConfig(parse(text), "test");
  } catch (error) {
    if (error instanceof ConfigError) {
      const [first, ...faults] = error.message.split("\n");
      const count = faults.length === 1 ? "1 fault" : `${faults.length} faults`;
      expect(first).toBe(`test: ${count} in swarmstead:cluster`);
      return faults.map((fault) => fault.trim());
    }
    throw error;
  }
  return [];
}

const PARTS: Readonly<Record<string, string>> = {
  platform: "{kind: lab}",
  network: "{cidr: 10.77.0.0/24}",
  machines: "{node1: {role: manager, address: 10.77.0.11}}",
};

/** A good environment with some of its parts written in another way. */
export function withParts(parts: Readonly<Record<string, string>>): string {
  return Object.entries({ ...PARTS, ...parts })
    .map(([key, value]) => `${key}: ${value}`)
    .join("\n");
}

/** A manager as YAML, by the last part of its address. */
export const manager = (last: number): string => `{role: manager, address: 10.77.0.${last}}`;

/** So many managers as YAML. */
export const managers = (count: number): string =>
  `{${Array.from({ length: count }, (_, index) => `n${index}: ${manager(index + 1)}`).join(", ")}}`;
