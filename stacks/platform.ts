import type * as pulumi from "@pulumi/pulumi";
import { LabPlatform } from "../components/lab/lab-platform";
import type { Machine, Platform } from "../components/machine/machine";
import type { ClusterConfig } from "./config";

export interface PlatformContext {
  /** Name of the Pulumi stack. */
  stack: string;
  /** Secret of the environment that SSH keys are derived from. */
  seed: pulumi.Output<string>;
}

/** The environment's machines; with them, in the lab, the machine outside the node network that probes come from. */
export interface CreatedPlatform {
  platform: Platform;
  visitor?: Machine;
}

/** The only place where the kind of an environment matters. */
export function createPlatform(
  { platform, machines, network, access }: ClusterConfig,
  { stack, seed }: PlatformContext,
): CreatedPlatform {
  switch (platform.kind) {
    case "lab": {
      const { memoryMiB, cpus, diskGiB, dataDiskGiB } = platform;
      const openPorts = network.open
        .filter((port) => port.endsWith("/tcp"))
        .map((port) => Number.parseInt(port, 10));
      const { cidr, mtu } = network;
      const sizes = { memoryMiB, cpus, diskGiB, dataDiskGiB };
      const lab = new LabPlatform("lab", {
        ...sizes,
        stack,
        network: { cidr, mtu },
        openPorts,
        machines,
        access,
        sshSeed: seed,
      });
      return { platform: lab, visitor: lab.visitor };
    }
  }
}
