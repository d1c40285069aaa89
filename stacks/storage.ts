import type * as pulumi from "@pulumi/pulumi";
import { Ceph } from "../components/ceph/ceph";
import { CEPH_PORTS } from "../components/ceph/ceph-conf";
import { OSDS_LIBRARY, osdDisks } from "../components/ceph/osd-disks";
import { Gluster } from "../components/gluster/gluster";
import { GLUSTER_PORTS } from "../components/gluster/gluster-conf";
import { BRICKS_LIBRARY, brickDisk } from "../components/gluster/gluster-disk";
import type { StorageShare } from "../components/host/first-contact";
import type { Machine, PlatformNetwork } from "../components/machine/machine";
import { LocalStorage } from "../components/storage/local-storage";
import { NFS_PORT, NfsStorage } from "../components/storage/nfs-storage";
import type { SharedStorage } from "../components/storage/storage";
import type { ClusterConfig } from "./config";
import { cephMemoryMiB } from "./config-storage-rules";

type StorageConfig = ClusterConfig["storage"];

export interface StorageContext {
  machines: readonly Machine[];
  network: PlatformNetwork;
  /** What must be done on a machine before, by its name. */
  ready: Readonly<Record<string, pulumi.Resource>>;
  /** Secret of the environment. */
  seed: pulumi.Output<string>;
  /** Alias that leads to any live manager. */
  alias: pulumi.Output<string>;
}

/** What a kind of storage needs of every machine, from its first contact on. */
export interface StorageNeeds {
  /** TCP ports between the machines, as nftables has them. */
  nodePorts: readonly string[];
  /** Programs, and the Debian package of each. */
  programs: Readonly<Record<string, string>>;
  /** Servers that must answer, each `<host> <TCP port>`. */
  servers: readonly string[];
}

/** What the kind needs of every machine. */
export function storageNeeds(storage: StorageConfig): StorageNeeds {
  const nothing: StorageNeeds = { nodePorts: [], programs: {}, servers: [] };
  switch (storage?.kind) {
    case undefined:
    case "local":
      return nothing;
    case "ceph":
      return { ...nothing, nodePorts: CEPH_PORTS, programs: { "mount.ceph": "ceph-common" } };
    case "gluster":
      return {
        ...nothing,
        nodePorts: GLUSTER_PORTS,
        programs: { "mount.glusterfs": "glusterfs-client" },
      };
    case "nfs":
      return {
        ...nothing,
        programs: { "mount.nfs": "nfs-common" },
        servers: [`${storage.server} ${String(NFS_PORT)}`],
      };
  }
}

/** What the kind takes of one machine; nothing where that one only uses the storage. */
export function storageShare(
  storage: StorageConfig,
  machine: Machine,
  seed: pulumi.Output<string>,
): StorageShare | undefined {
  if (machine.role !== "manager") {
    return undefined;
  }
  switch (storage?.kind) {
    case undefined:
    case "local":
    case "nfs":
      return undefined;
    case "ceph":
      return {
        disks: osdDisks(seed, machine),
        ownership: OSDS_LIBRARY,
        programs: { "ceph-bluestore-tool": "ceph-osd" },
        wipe: storage.wipe,
        memoryMiB: cephMemoryMiB(storage.osdMemoryMiB, machine.dataDevices.length),
      };
    case "gluster":
      return {
        disks: brickDisk(seed, machine),
        ownership: BRICKS_LIBRARY,
        programs: { glusterd: "glusterfs-server", "mkfs.xfs": "xfsprogs" },
        wipe: storage.wipe,
        memoryMiB: 0,
      };
  }
}

/** The only place where the kind of storage matters; nothing where an environment has none. */
export function createStorage(
  storage: StorageConfig,
  context: StorageContext,
): SharedStorage | undefined {
  switch (storage?.kind) {
    case undefined:
      return undefined;
    case "ceph": {
      const { osdMemoryMiB, wipe } = storage;
      return new Ceph("ceph", { ...context, osdMemoryMiB, wipe });
    }
    case "gluster":
      return new Gluster("gluster", { ...context, wipe: storage.wipe });
    case "nfs":
      return new NfsStorage("storage", { ...context, ...storage });
    case "local":
      return new LocalStorage("storage", context);
  }
}
