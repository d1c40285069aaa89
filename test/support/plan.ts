import { createCluster } from "../../stacks/cluster";
import { parseEnvironment } from "../../stacks/config";
import { deploy, type Registered } from "./deploy";

/** A small environment, for plans that need no file. */
export function threeManagers(): Record<string, unknown> {
  return {
    platform: { kind: "lab" },
    network: { cidr: "10.77.0.0/24", open: ["8080/tcp"] },
    machines: {
      node1: { role: "manager", address: "10.77.0.11" },
      node2: { role: "manager", address: "10.77.0.12" },
      node3: { role: "manager", address: "10.77.0.13" },
    },
    apps: { whoami: {} },
  };
}

/** What the whole program registers for an environment. */
export function plan(
  cluster: unknown,
  stack = "dev",
  preview = false,
  look?: (state: string) => void,
): Promise<Registered[]> {
  const config = parseEnvironment(cluster, "test");
  return deploy(
    () => {
      createCluster(config);
    },
    stack,
    preview,
    look,
  );
}
