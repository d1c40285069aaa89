import { join } from "node:path";
import * as docker from "@pulumi/docker";
import * as pulumi from "@pulumi/pulumi";
import * as random from "@pulumi/random";
import { overlayMtu } from "../components/host/daemon-json";
import { Host } from "../components/host/host";
import { sshAlias } from "../components/lib/ssh-alias";
import { Stack } from "../components/stack/stack";
import { Swarm } from "../components/swarm/swarm";
import type { ClusterConfig } from "./config";
import { createPlatform } from "./platform";

const APPS = join(__dirname, "../apps");

/** What a stack tells its user once it is up. */
export interface ClusterOutputs {
  /** Names of the apps that run. */
  apps: pulumi.Output<string[]>;
  /** Where Docker's own client finds the swarm, whichever manager is alive. */
  dockerHost: pulumi.Output<string>;
}

/** The whole design, top to bottom: machines, host layer, swarm, apps. */
export function createCluster(config: ClusterConfig): ClusterOutputs {
  const stack = pulumi.getStack();

  // One secret that SSH keys and the names of secrets are derived from; lost, machines can no longer be contacted.
  const seed = pulumi.secret(
    new random.RandomPassword("seed", { length: 64, special: false }).result,
  );

  const { platform, visitor } = createPlatform(config, { stack, seed });
  const { machines, network, wholeOf } = platform;
  const alias = sshAlias(stack, machines, visitor);

  const managers = machines.filter(({ role }) => role === "manager");
  const { open } = config.network;
  const { dataPathPort } = config.swarm;
  const shared = { managers, network, open, dataPathPort, docker: config.docker, alias };
  const ready: Record<string, pulumi.Resource> = {};
  let after: pulumi.Resource | undefined;
  for (const machine of machines) {
    const host = new Host({
      ...shared,
      machine,
      after: machine.role === "manager" ? after : undefined,
    });
    ready[machine.name] = host.ready;
    after = machine.role === "manager" ? host.docker : after;
  }

  const swarm = new Swarm("swarm", { platform, ready, settings: config.swarm, alias });

  const dockerHost = alias.apply((name) => `ssh://${name}`);
  const provider = new docker.Provider(
    "swarm",
    // Relative, as a provider's inputs must not hold a path of one computer, and no shell reads them.
    { host: dockerHost, sshOpts: ["-F", `.swarmstead/${stack}/ssh/config`] },
    { dependsOn: [...swarm.members] },
  );

  const apps = Object.keys(config.apps).map((app) => {
    const file = join(APPS, app, "compose.yaml");
    const args = { file, overlayMtu: overlayMtu(network.mtu), alias, provider, seed, wholeOf };
    return new Stack(app, args, { dependsOn: [...swarm.members] });
  });

  return { apps: pulumi.all(apps.map(({ deployed }) => deployed)), dockerHost };
}
