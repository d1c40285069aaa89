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
import { cephFsid, osdUuid } from "./cephx";

const SCRIPTS = join(__dirname, "scripts");
/** How long the monitors may take to have a quorum; each start is seconds where a processor is emulated. */
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

  constructor(
    name: string,
    private readonly args: CephArgs,
    opts?: pulumi.ComponentResourceOptions,
  ) {
    super("swarmstead:ceph:Ceph", name, {}, opts);
    const { machines, alias, seed } = args;
    const managers = machines.filter(({ role }) => role === "manager");
    const names = managers.map((manager) => manager.name);
    // Ids, which a preview has to show; no key.
    const fsid = pulumi.unsecret(seed.apply(cephFsid));

    const prepared = new Map(
      machines.map((machine) => [machine, this.prepare(machine, fsid, names)]),
    );
    const founders = managers.flatMap((manager) => prepared.get(manager) ?? []);
    const monitors: pulumi.Resource[] = [];
    for (const manager of managers) {
      monitors.push(this.monitor(manager, fsid, managers, [...founders, ...monitors]));
    }
    const cluster = (
      step: string,
      plan: pulumi.Input<string>,
      after: pulumi.Resource[],
    ): ClusterScript =>
      new ClusterScript(
        `${name}-${step}`,
        {
          alias,
          file: join(SCRIPTS, "set-cluster.sh"),
          values: { PLAN: plan, TIMEOUT_SECONDS: String(QUORUM_SECONDS) },
        },
        { parent: this, dependsOn: after },
      );
    const entities = seed.apply((text) => JSON.stringify({ entities: cephEntities(text, names) }));
    const known = cluster("entities", entities, monitors);
    const set = cluster("settings", JSON.stringify(clusterPlan(args)), [known]);
    const daemons = managers.map((manager) => this.daemons(manager, [set]));

    const addresses = managers.map(({ privateIp }) => privateIp);
    this.mounted = Object.fromEntries(
      machines.map((machine) => {
        const after = machine.role === "manager" ? DAEMONS : [];
        const spec = fsid.apply((id) => mountSpec(id, addresses, after));
        const own = prepared.get(machine) ?? [];
        const step = mountOn(machine, spec, { parent: this, dependsOn: [...own, ...daemons] });
        return [machine.name, step];
      }),
    );
    this.registerOutputs();
  }

  private prepare(
    machine: Machine,
    fsid: pulumi.Output<string>,
    managers: readonly string[],
  ): RemoteScript[] {
    const { machines, network, ready, seed } = this.args;
    const isManager = machine.role === "manager";
    const monitors = machines.filter(({ role }) => role === "manager").map((m) => m.privateIp);
    const values = {
      CEPH_CONF: fsid.apply((id) => renderCephConf({ fsid: id, monitors, cidr: network.cidr })),
      OSD_UNIT: isManager ? OSD_UNIT : "",
      MGR_SHIM: isManager ? MGR_SHIM : "",
    };
    const before = ready[machine.name];
    const opts = { parent: this, dependsOn: before ? [before] : [] };
    const conf = { machine, file: join(SCRIPTS, "set-ceph.sh"), values };
    const files = seed.apply((text) =>
      renderKeyFiles(keyFiles(text, { name: machine.name, isManager }, managers)),
    );
    const keys = { machine, file: join(SCRIPTS, "set-key-files.sh"), values: { KEY_FILES: files } };
    return [
      new RemoteScript(`${machine.name}-ceph`, conf, opts),
      new RemoteScript(`${machine.name}-keys`, keys, opts),
    ];
  }

  private monitor(
    { name }: Machine,
    fsid: pulumi.Output<string>,
    managers: readonly Machine[],
    after: readonly pulumi.Resource[],
  ): ClusterScript {
    const map = managers.map((manager) => `${manager.name} ${manager.privateIp}`).join("\n");
    const values = { NAME: name, FSID: fsid, MAP: map };
    const file = join(SCRIPTS, "set-monitor.sh");
    return new ClusterScript(
      `${name}-monitor`,
      { alias: this.args.alias, file, runOn: "computer", values },
      { parent: this, dependsOn: [...after] },
    );
  }

  private daemons(machine: Machine, after: readonly pulumi.Resource[]): RemoteScript {
    const { seed, wipe } = this.args;
    const { name, generation, dataDevices } = machine;
    const disks = seed.apply((text) =>
      dataDevices
        .map((device) => `${device} ${osdUuid(text, name, generation, device)}`)
        .join("\n"),
    );
    const values = { DISKS: pulumi.unsecret(disks), WIPE: wipe.join(" ") };
    return new RemoteScript(
      `${name}-daemons`,
      { machine, file: join(SCRIPTS, "set-daemons.sh"), values },
      { parent: this, dependsOn: [...after] },
    );
  }
}
