import { join } from "node:path";
import * as pulumi from "@pulumi/pulumi";
import { ClusterScript } from "../lib/cluster-script";
import { DISKS_LIBRARY, RemoteScript } from "../lib/remote-script";
import type { Machine } from "../machine/machine";
import { mountOn, type SharedStorage } from "../storage/storage";
import {
  BRICK,
  DISK_FOLDER,
  DISK_UNIT,
  GLUSTERD_DROP_IN,
  renderDiskUnit,
  renderGlusterdVol,
} from "./gluster-conf";
import { BRICKS_LIBRARY, brickDevice, brickDisk } from "./gluster-disk";
import { peerUuid } from "./gluster-ids";
import { glusterMountSpec, VOLUME } from "./gluster-mount";
import { glusterSettings } from "./gluster-settings";

const SCRIPTS = join(__dirname, "scripts");
/** How long daemons may take to meet and to tell each other of the volume; seconds each where a processor is emulated. */
const MEETING_SECONDS = 120;
/** What the scripts that deal with the volume read. */
const VOLUME_VALUES = { VOLUME, BRICK, TIMEOUT_SECONDS: String(MEETING_SECONDS) };

export interface GlusterArgs {
  /** Three of them are managers. */
  machines: readonly Machine[];
  /** What must be done on a machine before it may take part, by its name. */
  ready: Readonly<Record<string, pulumi.Resource>>;
  /** Secret of the environment: ids follow from it. */
  seed: pulumi.Output<string>;
  /** Alias that leads to any live manager. */
  alias: pulumi.Input<string>;
  /** Names of disks under `/dev/disk/by-id` that may be erased whatever is on them. */
  wipe: readonly string[];
}

/**
 * One GlusterFS volume of three copies, mounted on every machine.
 *
 * The three managers run the distribution's own daemon under systemd and have a copy each, on the first of their disks;
 * workers only mount. None is special: all know their peers from the start, and one that comes back empty is filled by
 * the two others.
 */
export class Gluster extends pulumi.ComponentResource implements SharedStorage {
  public readonly mounted: Readonly<Record<string, pulumi.Resource>>;
  private readonly managers: readonly Machine[];
  /** Where the managers are. */
  private readonly addresses: readonly string[];

  constructor(
    private readonly name: string,
    private readonly args: GlusterArgs,
    opts?: pulumi.ComponentResourceOptions,
  ) {
    super("swarmstead:gluster:Gluster", name, {}, opts);
    const { machines, ready } = args;
    this.managers = machines.filter(({ role }) => role === "manager");
    this.addresses = this.managers.map(({ privateIp }) => privateIp);

    const daemons = this.managers.map((manager) => this.daemon(manager, this.brick(manager)));
    const volume = this.volume(daemons);
    const settings = this.settings(volume);
    const copies = this.managers.map((manager) => this.copy(manager, settings));
    this.mounted = Object.fromEntries(
      machines.map((machine) => {
        const before = ready[machine.name];
        const after = machine.role === "manager" || !before ? copies : [before, ...copies];
        const spec = pulumi.output(glusterMountSpec(this.addresses, machine.privateIp));
        return [machine.name, mountOn(machine, spec, { parent: this, dependsOn: after })];
      }),
    );
    this.registerOutputs();
  }

  private brick(machine: Machine): RemoteScript {
    const { ready, seed, wipe } = this.args;
    const values = {
      DISK: brickDisk(seed, machine),
      WIPE: wipe.join(" "),
      DISK_FOLDER,
      DISK_UNIT,
      UNIT_TEXT: renderDiskUnit(brickDevice(machine)),
      BRICK,
    };
    const libraries = [DISKS_LIBRARY, BRICKS_LIBRARY];
    return new RemoteScript(
      `${machine.name}-brick`,
      { machine, libraries, file: join(SCRIPTS, "set-brick.sh"), values },
      { parent: this, dependsOn: ready[machine.name] ?? [] },
    );
  }

  private daemon(machine: Machine, after: pulumi.Resource): RemoteScript {
    const { seed } = this.args;
    const { name } = machine;
    const others = this.managers.filter((manager) => manager !== machine);
    const peers = seed.apply((text) =>
      others.map((other) => `${peerUuid(text, other.name)} ${other.privateIp}`).join("\n"),
    );
    const values = {
      GLUSTERD_VOL: renderGlusterdVol(),
      DROP_IN: GLUSTERD_DROP_IN,
      VOLUME,
      PEER: pulumi.unsecret(seed.apply((text) => peerUuid(text, name))),
      PEERS: pulumi.unsecret(peers),
    };
    return new RemoteScript(
      `${name}-glusterd`,
      { machine, file: join(SCRIPTS, "set-glusterd.sh"), values },
      { parent: this, dependsOn: after },
    );
  }

  private volume(after: pulumi.Resource[]): ClusterScript {
    const { alias } = this.args;
    const map = this.managers.map(({ name, privateIp }) => `${name} ${privateIp}`).join("\n");
    const values = { ...VOLUME_VALUES, MAP: map };
    return new ClusterScript(
      `${this.name}-volume`,
      { alias, file: join(SCRIPTS, "found-volume.sh"), runOn: "computer", values },
      { parent: this, dependsOn: after },
    );
  }

  /** What the volume is as a whole, said to any manager that lives. */
  private settings(after: pulumi.Resource): ClusterScript {
    const { alias, machines } = this.args;
    const settings = glusterSettings(machines.map(({ privateIp }) => privateIp));
    const options = settings.map((setting) => setting.join(" ")).join("\n");
    const bricks = this.addresses.map((address) => `${address}:${BRICK}`).join("\n");
    const values = { ...VOLUME_VALUES, BRICKS: bricks, OPTIONS: options };
    return new ClusterScript(
      `${this.name}-settings`,
      { alias, file: join(SCRIPTS, "set-volume.sh"), values },
      { parent: this, dependsOn: after },
    );
  }

  private copy(machine: Machine, after: pulumi.Resource): RemoteScript {
    const values = { ...VOLUME_VALUES, ADDRESS: machine.privateIp, DISK_FOLDER };
    return new RemoteScript(
      `${machine.name}-copy`,
      { machine, file: join(SCRIPTS, "restore-brick.sh"), values },
      { parent: this, dependsOn: after },
    );
  }
}
