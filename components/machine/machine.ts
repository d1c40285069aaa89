import type * as pulumi from "@pulumi/pulumi";

/** What a machine does in the swarm. Managers keep the Raft log and run containers too. */
export type MachineRole = "manager" | "worker";

/** How to reach a machine by SSH. The host key is known before first contact, so a wrong host is never talked to. */
export interface MachineConnection {
  /** Host name or IP address to dial. */
  host: pulumi.Input<string>;
  /** TCP port to dial. */
  port: pulumi.Input<number>;
  /** Login user; must be able to `sudo` without a password. */
  user: string;
  /** Private key of the operator, OpenSSH format. Secret. */
  privateKey: pulumi.Output<string>;
  /** Public host key that the machine must show: `ssh-ed25519 AAAA…`, without a comment. */
  hostKey: pulumi.Output<string>;
}

/** One machine, as everything above the platform sees it. */
export interface Machine {
  /** Key of the config's map, host name, and identity for ever. */
  readonly name: string;
  readonly role: MachineRole;
  readonly connection: MachineConnection;
  /** Static IPv4 address on the node network. */
  readonly privateIp: string;
  /** Stable paths of the raw disks meant for shared storage, under `/dev/disk/by-id`. */
  readonly dataDevices: readonly string[];
  /** Raised by the operator to have the machine rebuilt under its name. */
  readonly generation: number;
  /** Swarm node labels. */
  readonly labels: Readonly<Record<string, string>>;
  /** What must exist before the machine can be contacted; its end is the end of all that is on it. */
  readonly resource: pulumi.Resource;
}

/** The network that the machines share. */
export interface PlatformNetwork {
  /** IPv4 network of the machines' private addresses, CIDR notation. */
  readonly cidr: string;
  /** Bytes of a whole packet on that network; overlays take 50 less. */
  readonly mtu: number;
}

/** Where machines come from. The only thing in which environments differ. */
export interface Platform {
  readonly machines: readonly Machine[];
  readonly network: PlatformNetwork;
  /**
   * The resource whose deletion takes every machine with it, where there is one: a resource that lives on the
   * cluster needs no undoing then. Absent where machines outlive the stack.
   */
  readonly wholeOf?: pulumi.Resource;
}
