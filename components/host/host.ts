import { readFileSync } from "node:fs";
import { join } from "node:path";
import * as pulumi from "@pulumi/pulumi";
import { ClusterScript } from "../lib/cluster-script";
import { RemoteScript } from "../lib/remote-script";
import { RollingScript } from "../lib/rolling-script";
import type { Machine, PlatformNetwork } from "../machine/machine";
import { renderChronyConf } from "./chrony-conf";
import { type DaemonJsonSpec, renderDaemonJson } from "./daemon-json";
import { renderFirewall } from "./firewall-conf";

const SCRIPTS = join(__dirname, "scripts");

/** Sets who may log in to a machine. */
export const ACCESS_SCRIPT = join(SCRIPTS, "set-access.sh");

export interface HostArgs {
  machine: Machine;
  /** All managers: known to every machine from the start. A worker makes itself known when it comes. */
  managers: readonly Machine[];
  network: PlatformNetwork;
  /** Ports that anybody may reach; each `<port>/tcp` or `<port>/udp`. */
  open: readonly string[];
  /** Text of the login user's `authorized_keys`. */
  authorizedKeys: pulumi.Input<string>;
  /** UDP port of the swarm's VXLAN. */
  dataPathPort: number;
  /** TCP ports that nodes alone reach, beside the swarm's. */
  nodePorts: readonly string[];
  /** IP protocols beside TCP and UDP that nodes alone speak, by their numbers. @default none */
  nodeProtocols?: readonly number[];
  /** The first contact with every machine, as nothing is changed on one before all are as they must be. */
  contacts: readonly pulumi.Resource[];
  /** Docker's settings; the MTU comes from the network. */
  docker: Omit<DaemonJsonSpec, "mtu">;
  /** Alias that leads to any live manager. */
  alias: pulumi.Input<string>;
  /** What must be done before Docker is restarted here: the same of the machine before, so that it goes node by node. @default nothing */
  after?: pulumi.Resource | undefined;
}

/**
 * What a machine is before it is part of anything: who may log in, names, time, SSH limits, firewall, Docker's settings.
 *
 * Everything is a step that a person could run by hand, and runs again only when its text or a value changes.
 */
export class Host extends pulumi.ComponentResource {
  /** Docker runs with the wanted settings once this exists. */
  public readonly docker: pulumi.Resource;
  /** All machines know each other once this exists. */
  public readonly ready: pulumi.Resource;

  constructor(args: HostArgs, opts?: pulumi.ComponentResourceOptions) {
    const { machine, managers, network, contacts, after } = args;
    super("swarmstead:host:Host", machine.name, {}, opts);
    const step = (thing: string): string => `${machine.name}-${thing}`;

    new RemoteScript(
      step("access"),
      {
        machine,
        file: ACCESS_SCRIPT,
        values: { LOGIN_USER: machine.connection.user, KEYS: args.authorizedKeys },
      },
      { parent: this, dependsOn: [...contacts] },
    );

    const peers = managers.filter(({ name }) => name !== machine.name);
    const base = new RemoteScript(
      step("base"),
      {
        machine,
        file: join(SCRIPTS, "set-base.sh"),
        values: {
          MEMBERS: [machine, ...peers].map((m) => `${m.name} ${m.privateIp}`).join("\n"),
          APPLY_MEMBERS: readFileSync(join(SCRIPTS, "apply-members.sh"), "utf8"),
          FIREWALL: renderFirewall(args),
          LOAD_FIREWALL: readFileSync(join(SCRIPTS, "load-firewall.sh"), "utf8"),
          CHRONY_CONF: renderChronyConf({
            peers: peers.map(({ name }) => name),
            cidr: network.cidr,
          }),
        },
      },
      { parent: this, dependsOn: [...contacts] },
    );

    this.docker = new RollingScript(
      step("docker"),
      {
        machine,
        alias: args.alias,
        file: join(SCRIPTS, "set-docker.sh"),
        values: {
          DAEMON_JSON: renderDaemonJson({ ...args.docker, mtu: network.mtu }),
          MTU: String(network.mtu),
        },
      },
      { parent: this, dependsOn: [base, ...(after ? [after] : [])] },
    );

    this.ready =
      machine.role === "manager"
        ? this.docker
        : new ClusterScript(
            step("announce"),
            {
              alias: args.alias,
              file: join(SCRIPTS, "announce-member.sh"),
              runOn: "computer",
              undo: true,
              values: { NAME: machine.name, ADDRESS: machine.privateIp },
            },
            { parent: this, dependsOn: this.docker },
          );
    this.registerOutputs();
  }
}
