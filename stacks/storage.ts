import type * as pulumi from "@pulumi/pulumi";
import { Ceph } from "../components/ceph/ceph";
import { CEPH_PORTS } from "../components/ceph/ceph-conf";
import type { Machine, PlatformNetwork } from "../components/machine/machine";
import { LocalStorage } from "../components/storage/local-storage";
import type { SharedStorage } from "../components/storage/storage";
import type { ClusterConfig } from "./config";

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

/** TCP ports that the kind needs between the machines, as nftables has them. */
export function storagePorts(storage: StorageConfig): readonly string[] {
  return storage?.kind === "ceph" ? CEPH_PORTS : [];
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
    case "local":
      return new LocalStorage("storage", context);
  }
}
