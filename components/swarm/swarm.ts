import { join } from "node:path";
import * as pulumi from "@pulumi/pulumi";
import { overlayMtu } from "../host/daemon-json";
import { ClusterScript } from "../lib/cluster-script";
import type { Machine, Platform } from "../machine/machine";

const SCRIPTS = join(__dirname, "scripts");

export interface SwarmSettings {
  /** Pool of the overlay networks, CIDR notation; fixed once the swarm exists. */
  addressPool: string;
  /** Prefix length of each overlay, in bits; fixed once the swarm exists. */
  subnetBits: number;
  /** UDP port of the VXLAN; fixed once the swarm exists. */
  dataPathPort: number;
  /** The dispatcher's heartbeat; a node is taken for dead after three of them. */
  dispatcherHeartbeatSeconds: number;
}

export interface SwarmArgs {
  platform: Platform;
  /** What must be done on a machine before it may join, by its name. */
  ready: Readonly<Record<string, pulumi.Resource>>;
  settings: SwarmSettings;
  /** Alias that leads to any live manager. */
  alias: pulumi.Input<string>;
}

/**
 * One Docker Swarm of all machines.
 *
 * Managers come one after the other, since each changes the Raft group; workers at once after them. None is special:
 * the first that finds no swarm anywhere starts it, and any live manager admits the others. Autolock stays off, as a
 * power cut must need no hand.
 */
export class Swarm extends pulumi.ComponentResource {
  /** Every machine is a member once these exist. */
  public readonly members: readonly pulumi.Resource[];

  constructor(name: string, args: SwarmArgs, opts?: pulumi.ComponentResourceOptions) {
    super("swarmstead:swarm:Swarm", name, {}, opts);
    const { platform, ready, settings, alias } = args;
    const { wholeOf, network } = platform;
    const gone = wholeOf ? { deletedWith: wholeOf } : {};
    const limits = {
      HEARTBEAT_SECONDS: String(settings.dispatcherHeartbeatSeconds),
      INGRESS_MTU: String(overlayMtu(network.mtu)),
    };

    const joinAfter = (machine: Machine, after: readonly pulumi.Resource[]): ClusterScript => {
      const own = ready[machine.name];
      const values = {
        NAME: machine.name,
        ADDRESS: machine.privateIp,
        ROLE: machine.role,
        ADDRESS_POOL: settings.addressPool,
        SUBNET_BITS: String(settings.subnetBits),
        DATA_PATH_PORT: String(settings.dataPathPort),
        ...limits,
      };
      return new ClusterScript(
        `${machine.name}-member`,
        { alias, file: join(SCRIPTS, "join-swarm.sh"), runOn: "computer", undo: true, values },
        { parent: this, dependsOn: [...(own ? [own] : []), ...after], ...gone },
      );
    };

    const managers = platform.machines.filter(({ role }) => role === "manager");
    const workers = platform.machines.filter(({ role }) => role === "worker");
    // Whether a swarm exists anywhere is asked of every manager, so all must answer before the first may start one.
    const before: pulumi.Resource[] = managers.flatMap(({ name: manager }) => ready[manager] ?? []);
    const members = new Map<Machine, ClusterScript>();
    for (const machine of managers) {
      members.set(machine, joinAfter(machine, [...before, ...members.values()]));
    }
    const quorum = [...members.values()];
    for (const machine of workers) {
      members.set(machine, joinAfter(machine, quorum));
    }

    const whole = new ClusterScript(
      `${name}-settings`,
      { alias, file: join(SCRIPTS, "set-swarm.sh"), values: limits },
      { parent: this, dependsOn: quorum, ...gone },
    );
    const labels = [...members]
      .filter(([machine]) => Object.keys(machine.labels).length > 0)
      .map(([machine, member]) => this.label(machine, member, alias));
    this.members = [...members.values(), whole, ...labels];
    this.registerOutputs();
  }

  private label(
    machine: Machine,
    member: ClusterScript,
    alias: pulumi.Input<string>,
  ): ClusterScript {
    const labels = Object.entries(machine.labels).map(([key, value]) => `${key}=${value}`);
    const values = { NAME: machine.name, LABELS: labels.join("\n") };
    return new ClusterScript(
      `${machine.name}-labels`,
      { alias, file: join(SCRIPTS, "label-node.sh"), undo: true, values },
      { parent: this, dependsOn: member, deletedWith: member },
    );
  }
}
