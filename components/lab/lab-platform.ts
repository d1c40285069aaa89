import { local } from "@pulumi/command";
import * as pulumi from "@pulumi/pulumi";
import { withValues } from "../lib/shell";
import { stateFolder } from "../lib/state-folder";
import { type Access, authorizedKeys, hostKey, operatorKey } from "../machine/access";
import { renderCloudInit } from "../machine/cloud-init";
import type { Machine, MachineRole, Platform, PlatformNetwork } from "../machine/machine";
import { outsideNetwork } from "./addresses";
import { readPorts } from "./forwarded-ports";
import { vmProgram } from "./vm-program";
import { DATA_DISK, type VmSize, vmValues } from "./vm-values";

/** The login user of every VM. */
export const USER = "swarmstead";
/** The visitor runs nothing but probes. */
export const VISITOR = { memoryMiB: 512, cpus: 1, diskGiB: 6, dataDiskGiB: 0 };

/** A machine as the environment describes it. */
export interface LabMachineSpec {
  role: MachineRole;
  /** Static IPv4 address on the node network. */
  address: string;
  labels: Record<string, string>;
  generation: number;
}

export interface LabPlatformArgs extends VmSize {
  /** Name of the Pulumi stack. */
  stack: string;
  network: PlatformNetwork;
  /** TCP ports of every machine that this computer has to reach, beside SSH. */
  openPorts: readonly number[];
  machines: Readonly<Record<string, LabMachineSpec>>;
  /** Who may log in. */
  access: Access;
  /** Secret text that all SSH keys are derived from. */
  sshSeed: pulumi.Output<string>;
}

/**
 * Throw-away VMs on this computer, by QEMU and without root, on a switch of their own.
 *
 * Beside the machines there is a visitor, outside their network, for probes. The VMs outlive the program that started
 * them. Works only where `prepareLab` has been before, which the launcher sees to.
 */
export class LabPlatform extends pulumi.ComponentResource implements Platform {
  public readonly machines: readonly Machine[];
  public readonly network: PlatformNetwork;
  /** The switch and the gateway; without them no machine is left. */
  public readonly wholeOf: pulumi.Resource;
  /** The machine outside the node network that probes come from. */
  public readonly visitor: Machine;

  constructor(
    name: string,
    private readonly args: LabPlatformArgs,
    opts?: pulumi.ComponentResourceOptions,
  ) {
    super("swarmstead:lab:LabPlatform", name, {}, opts);
    this.network = args.network;
    this.wholeOf = new local.Command(
      `${name}-network`,
      {
        create: "bash -s -- network-create",
        delete: "bash -s -- network-delete",
        stdin: vmProgram(),
        // Every machine has its address from it.
        triggers: [args.network.cidr],
        addPreviousOutputInEnv: false,
      },
      { parent: this, deleteBeforeReplace: true },
    );
    this.machines = Object.entries(args.machines).map(([machine, spec]) =>
      this.machine(machine, spec, args, args.openPorts),
    );
    const address = outsideNetwork(args.network.cidr).visitor;
    const spec = { role: "worker" as const, address, labels: {}, generation: 1 };
    this.visitor = this.machine("visitor", spec, VISITOR, []);
    this.registerOutputs();
  }

  private machine(
    name: string,
    spec: LabMachineSpec,
    size: VmSize,
    openPorts: readonly number[],
  ): Machine {
    const { network, access, sshSeed, stack } = this.args;
    const operator = sshSeed.apply((seed) => operatorKey(seed, access.operatorKey));
    const shown = sshSeed.apply((seed) => hostKey(seed, name, spec.generation));
    const userData = pulumi.all([sshSeed, shown]).apply(([seed, key]) =>
      renderCloudInit({
        name,
        user: USER,
        authorizedKeys: authorizedKeys(seed, access),
        hostKey: key,
      }),
    );
    // Chosen by `prepareLab`; a plan under mocks has none, and needs none.
    const ports = readPorts(stateFolder(stack))[name] ?? {};
    const values = vmValues(name, spec, { size, cidr: network.cidr, openPorts, ports });
    const resource = new local.Command(
      `${name}-vm`,
      {
        create: "bash -s -- create",
        delete: "bash -s -- delete",
        stdin: withValues(vmProgram(), values),
        environment: { SWARMSTEAD_USER_DATA: userData },
        // A machine is rebuilt only where its generation was raised, or where its address is another: it is part of
        // what the first boot leaves behind.
        triggers: [spec.generation, spec.address, network.cidr],
        addPreviousOutputInEnv: false,
      },
      {
        parent: this,
        dependsOn: this.wholeOf,
        deletedWith: this.wholeOf,
        deleteBeforeReplace: true,
      },
    );
    return {
      name,
      role: spec.role,
      connection: {
        host: "127.0.0.1",
        port: ports[22] ?? 0,
        user: USER,
        privateKey: operator.privateKey,
        hostKey: shown.publicKey,
      },
      privateIp: spec.address,
      dataDevices: size.dataDiskGiB > 0 ? [`/dev/disk/by-id/${DATA_DISK}`] : [],
      generation: spec.generation,
      labels: spec.labels,
      resource,
    };
  }
}
