import * as docker from "@pulumi/docker";
import * as pulumi from "@pulumi/pulumi";
import type { Machine } from "../../components/machine/machine";
import type { StackContext } from "../../components/stack/stack";

/** What the mocks' stacks have in common. To be called inside of a program. */
export function stackContext(seed = "0123456789abcdef".repeat(4)): StackContext {
  return {
    overlayMtu: 1450,
    provider: new docker.Provider("swarm", {}),
    alias: "swarmstead-dev",
    seed: pulumi.secret(seed),
    epoch: "epoch",
  };
}

/** A machine that is nothing but its name and its address. To be called inside of a program. */
export function machineNamed(name: string, privateIp: string): Machine {
  return {
    name,
    role: "manager",
    privateIp,
    connection: {
      host: privateIp,
      port: 22,
      user: "root",
      privateKey: pulumi.secret("key"),
      hostKey: pulumi.output("ssh-ed25519 AAAA"),
    },
    dataDevices: [],
    generation: 1,
    labels: {},
    resource: new pulumi.ComponentResource("test:index:Machine", name),
  };
}
