import * as docker from "@pulumi/docker";
import * as pulumi from "@pulumi/pulumi";
import * as random from "@pulumi/random";
import { EDGE_NETWORK } from "../components/compose/compose-labels";
import { overlayMtu } from "../components/host/daemon-json";
import { firstContact } from "../components/host/first-contact";
import { ACCESS_SCRIPT, Host } from "../components/host/host";
import { RemoteScript } from "../components/lib/remote-script";
import { sshAlias } from "../components/lib/ssh-alias";
import { authorizedKeys } from "../components/machine/access";
import { overlayNetwork } from "../components/stack/overlay-network";
import { Stack, type StackContext } from "../components/stack/stack";
import { dataLayout } from "../components/storage/layout";
import { Swarm } from "../components/swarm/swarm";
import { composeHost } from "./app-hosts";
import { appFile, appFolders } from "./apps";
import type { ClusterConfig } from "./config";
import { createEntry, entryNeeds } from "./entry";
import { createPlatform } from "./platform";
import { stackSeed } from "./seed";
import { createStorage, storageNeeds, storageShare } from "./storage";

/** What a stack tells its user once it is up. */
export interface ClusterOutputs {
  /** Names of the apps that run. */
  apps: pulumi.Output<string[]>;
  /** Where Docker's own client finds the swarm, whichever manager is alive. */
  dockerHost: pulumi.Output<string>;
}

/** What is known of a stack beside its file. */
export interface ClusterOptions {
  /** The secret that everything follows from; must be the one that the stack's machines have. @default a new one, or what the state has */
  seed?: string | undefined;
  /** Ids of overlay networks that are there, but not in the state, by name. @default none */
  importNetworks?: Readonly<Record<string, string>>;
}

/** The whole design, top to bottom: machines, host layer, storage, swarm, entry, apps. */
export function createCluster(config: ClusterConfig, options: ClusterOptions = {}): ClusterOutputs {
  const stack = pulumi.getStack();

  // SSH keys and the apps' secrets follow from it; lost, machines can no longer be contacted.
  const seed = stackSeed(options.seed);
  // Another in each state; nothing that has to be kept from anybody.
  const epoch = new random.RandomPassword("epoch", { length: 8, special: false }).result;

  const { platform, visitor } = createPlatform(config, { stack, seed });
  const { machines, network, wholeOf } = platform;
  const alias = sshAlias(stack, machines, visitor);
  // Public keys: a preview has to show them.
  const keys = pulumi.unsecret(
    seed.apply((text) => `${authorizedKeys(text, config.access).join("\n")}\n`),
  );

  const needs = storageNeeds(config.storage);
  const front = entryNeeds(config.entry);
  const managers = machines.filter(({ role }) => role === "manager");
  const contacts = machines.map((machine) => {
    const own = machine.role === "manager" ? front.programs : {};
    const programs = { ...needs.programs, ...own };
    const share = storageShare(config.storage, machine, seed);
    return firstContact({ ...needs, programs, machine, share });
  });

  const { dataPathPort } = config.swarm;
  const shared = {
    managers,
    network,
    open: [...config.network.open, ...front.open],
    authorizedKeys: keys,
    dataPathPort,
    nodePorts: needs.nodePorts,
    nodeProtocols: front.nodeProtocols,
    contacts,
    docker: config.docker,
    alias,
  };
  const ready: Record<string, pulumi.Resource> = {};
  let after: pulumi.Resource | undefined;
  for (const machine of machines) {
    const host = new Host({ ...shared, machine, after });
    ready[machine.name] = host.ready;
    after = host.docker;
  }

  if (visitor) {
    const values = { LOGIN_USER: visitor.connection.user, KEYS: keys };
    new RemoteScript("visitor-access", { machine: visitor, file: ACCESS_SCRIPT, values });
  }

  const storage = createStorage(config.storage, { machines, network, ready, seed, alias });
  const mounted = storage?.mounted ?? ready;

  const swarm = new Swarm("swarm", { platform, ready: mounted, settings: config.swarm, alias });

  const dockerHost = alias.apply((name) => `ssh://${name}`);
  const provider = new docker.Provider(
    "swarm",
    // Relative, as a provider's inputs must not hold a path of one computer, and no shell reads them.
    { host: dockerHost, sshOpts: ["-F", `.swarmstead/${stack}/ssh/config`] },
    { dependsOn: [...swarm.members] },
  );

  const stacks: StackContext = {
    overlayMtu: overlayMtu(network.mtu),
    alias,
    provider,
    seed,
    epoch,
    importNetworks: options.importNetworks,
    wholeOf,
  };
  // Always there, so that an app's file works in every environment; of no stack, so that none takes it along.
  const edge = overlayNetwork(EDGE_NETWORK, stacks);
  const entry = createEntry(config, { managers, stacks, ready: [...swarm.members, edge] });

  const names = Object.keys(config.apps);
  const folders = Object.fromEntries(names.map((app) => [app, appFolders(app)]));
  const layout = storage ? [dataLayout(folders, alias, Object.values(mounted))] : [];
  const apps = names.map((app) => {
    const file = appFile(app, composeHost(config, app));
    return new Stack(
      app,
      { ...stacks, ...file },
      { dependsOn: [...swarm.members, ...layout, edge, ...entry] },
    );
  });

  return { apps: pulumi.all(apps.map(({ deployed }) => deployed)), dockerHost };
}
