import { join } from "node:path";
import * as pulumi from "@pulumi/pulumi";
import { ClusterScript } from "../lib/cluster-script";
import { RemoteScript } from "../lib/remote-script";
import type { Machine, PlatformNetwork } from "../machine/machine";
import { mountOn, type SharedStorage } from "../storage/storage";
import { MGR_SHIM, OSD_UNIT, renderCephConf } from "./ceph-conf";
import { cephEntities, keyFiles, renderKeyFiles } from "./ceph-keys";
import { mountSpec } from "./ceph-mount";
import { type CephTuning, clusterPlan } from "./ceph-settings";
import { cephFsid } from "./cephx";
import { MONITORS_LIBRARY, OSD_LIBRARIES, osdDisks } from "./osd-disks";

const SCRIPTS = join(__dirname, "scripts");
/** How long the monitors may take to have a quorum; seconds each where a processor is emulated. */
const QUORUM_SECONDS = 300;
/** Units that the mount needs on machines that serve it; they end after it. */
const DAEMONS = ["mon", "mgr", "osd", "mds"].map((daemon) => `ceph-${daemon}.target`);

export interface CephArgs extends CephTuning {
  machines: readonly Machine[];
  network: PlatformNetwork;
  /** What must be done on a machine before it may take part, by its name. */
  ready: Readonly<Record<string, pulumi.Resource>>;
  /** Secret of the environment: ids and keys follow from it. */
  seed: pulumi.Output<string>;
  /** Alias that leads to any live manager. */
  alias: pulumi.Input<string>;
  /** Names of disks under `/dev/disk/by-id` that may be erased whatever is on them. */
  wipe: readonly string[];
}

/**
 * One Ceph cluster and one file system in it, mounted on every machine.
 *
 * Managers run the distribution's own daemons under systemd: monitor, manager, metadata server, and an OSD on each of
 * their disks; workers only mount. None is special: monitors found the cluster together, and one that comes back empty
 * learns from the others' quorum.
 */
export class Ceph extends pulumi.ComponentResource implements SharedStorage {
  public readonly mounted: Readonly<Record<string, pulumi.Resource>>;
  private readonly managers: readonly Machine[];
  /** The cluster's id, which a preview has to show. */
  private readonly fsid: pulumi.Output<string>;

  constructor(
    private readonly name: string,
    private readonly args: CephArgs,
    opts?: pulumi.ComponentResourceOptions,
  ) {
    super("swarmstead:ceph:Ceph", name, {}, opts);
    const { machines, seed } = args;
    this.managers = machines.filter(({ role }) => role === "manager");
    this.fsid = pulumi.unsecret(seed.apply(cephFsid));

    const prepared = new Map(machines.map((machine) => [machine, this.prepare(machine)]));
    const founders = this.managers.flatMap((manager) => prepared.get(manager) ?? []);
    const monitors: pulumi.Resource[] = [];
    for (const manager of this.managers) {
      monitors.push(this.monitor(manager, [...founders, ...monitors]));
    }
    const entities = seed.apply((text) => ({ entities: cephEntities(text, this.managerNames()) }));
    const known = this.cluster("entities", entities, monitors);
    const set = this.cluster("settings", pulumi.output(clusterPlan(args)), [known]);
    const daemons = this.managers.map((manager) => this.daemons(manager, set));
    this.mounted = Object.fromEntries(
      machines.map((machine) => {
        const after = [...(prepared.get(machine) ?? []), ...daemons];
        return [machine.name, this.mount(machine, after)];
      }),
    );
    this.registerOutputs();
  }

  private managerNames(): string[] {
    return this.managers.map(({ name }) => name);
  }

  private addresses(): string[] {
    return this.managers.map(({ privateIp }) => privateIp);
  }

  /** What a machine has to have before it knows a monitor: settings, and its keys. */
  private prepare(machine: Machine): RemoteScript[] {
    const { ready, seed } = this.args;
    const { cidr } = this.args.network;
    const monitors = this.addresses();
    const isManager = machine.role === "manager";
    const values = {
      CEPH_CONF: this.fsid.apply((id) => renderCephConf({ fsid: id, monitors, cidr })),
      OSD_UNIT: isManager ? OSD_UNIT : "",
      MGR_SHIM: isManager ? MGR_SHIM : "",
    };
    const opts = { parent: this, dependsOn: ready[machine.name] ?? [] };
    const conf = { machine, file: join(SCRIPTS, "set-ceph.sh"), values };
    const files = seed.apply((text) =>
      renderKeyFiles(keyFiles(text, { name: machine.name, isManager }, this.managerNames())),
    );
    const keys = { machine, file: join(SCRIPTS, "set-key-files.sh"), values: { KEY_FILES: files } };
    return [
      new RemoteScript(`${machine.name}-ceph`, conf, opts),
      new RemoteScript(`${machine.name}-keys`, keys, opts),
    ];
  }

  private monitor({ name }: Machine, after: pulumi.Resource[]): ClusterScript {
    const map = this.managers.map((manager) => `${manager.name} ${manager.privateIp}`).join("\n");
    const values = { NAME: name, FSID: this.fsid, MAP: map };
    const { alias } = this.args;
    return new ClusterScript(
      `${name}-monitor`,
      { alias, file: join(SCRIPTS, "set-monitor.sh"), runOn: "computer", values },
      { parent: this, dependsOn: after },
    );
  }

  /** What the cluster has as a whole, said to whichever monitors live. */
  private cluster(
    step: string,
    plan: pulumi.Output<object>,
    after: pulumi.Resource[],
  ): ClusterScript {
    const text = plan.apply((known) => JSON.stringify(known));
    const values = { PLAN: text, TIMEOUT_SECONDS: String(QUORUM_SECONDS) };
    const { alias } = this.args;
    return new ClusterScript(
      `${this.name}-${step}`,
      { alias, libraries: [MONITORS_LIBRARY], file: join(SCRIPTS, "set-cluster.sh"), values },
      { parent: this, dependsOn: after },
    );
  }

  private daemons(machine: Machine, after: pulumi.Resource): RemoteScript {
    const { seed, wipe } = this.args;
    const values = { DISKS: osdDisks(seed, machine), WIPE: wipe.join(" ") };
    return new RemoteScript(
      `${machine.name}-daemons`,
      { machine, libraries: OSD_LIBRARIES, file: join(SCRIPTS, "set-daemons.sh"), values },
      { parent: this, dependsOn: after },
    );
  }

  private mount(machine: Machine, after: pulumi.Resource[]): RemoteScript {
    const units = machine.role === "manager" ? DAEMONS : [];
    const spec = this.fsid.apply((fsid) => mountSpec(fsid, this.addresses(), units));
    return mountOn(machine, spec, { parent: this, dependsOn: after });
  }
}
