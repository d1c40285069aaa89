import { FILE_SYSTEM } from "./ceph-mount";

/** A setting in the monitors' database: for whom, its name, its value. */
type Setting = readonly [who: string, name: string, value: string];

export interface CephTuning {
  /** Memory that each OSD aims at, in MiB. */
  osdMemoryMiB: number;
}

const MIB = 1024 * 1024;

/**
 * Every setting that differs from Ceph's default, each with its reason. What was tried and told nothing is left at the
 * default (docs/decisions/ceph-of-the-distribution.md).
 */
export function cephSettings({ osdMemoryMiB }: CephTuning): Setting[] {
  return [
    // Three copies, and writes only while two are there: what one loss leaves intact (requirements 4.10).
    ["global", "osd_pool_default_size", "3"],
    ["global", "osd_pool_default_min_size", "2"],
    // Machines that also run containers: Ceph's own target of 4 GiB would leave them nothing.
    ["osd", "osd_memory_target", String(osdMemoryMiB * MIB)],
    ["mds", "mds_cache_memory_limit", String(256 * MIB)],
    // The grace for a silent MDS while a monitor is gone too, as when a whole machine dies; 60 by default, so that the
    // 15 of mds_beacon_grace hardly ever count.
    ["mon", "mds_beacon_mon_down_grace", "10"],
    // A new MDS waits that long for the dead machine's own client, which never comes; 45 by default.
    ["mds", "mds_reconnect_timeout", "8"],
    // Chrony keeps machines within milliseconds; on emulated ones 0.05 s, the default, would be told of for ever. Leases
    // last 5 s, so half a second is far from harm.
    ["mon", "mon_clock_drift_allowed", "0.5"],
    // No client here is older than 2021, when this was mended (CVE-2021-20288); Ceph warns until it is off.
    ["mon", "auth_allow_insecure_global_id_reclaim", "false"],
  ];
}

/** What the whole cluster has to have beside its daemons; `set-cluster.sh` reads it as JSON. */
export function clusterPlan(tuning: CephTuning): Record<string, unknown> {
  return {
    config: cephSettings(tuning),
    // Few placement groups, for three disks; the autoscaler raises them as the data grows.
    pools: { [`${FILE_SYSTEM}_meta`]: 16, [`${FILE_SYSTEM}_data`]: 16 },
    fileSystems: {
      [FILE_SYSTEM]: { metadata: `${FILE_SYSTEM}_meta`, data: `${FILE_SYSTEM}_data` },
    },
  };
}
