/** Modules of the manager that nothing here uses: each costs memory, and a start of Python that no other module shares. */
const UNUSED_MODULES = [
  ...["alerts", "cephadm", "influx", "insights", "localpool", "mirroring", "nfs", "osd_perf_query"],
  ...["osd_support", "prometheus", "restful", "selftest", "snap_schedule", "stats", "telegraf"],
  ...["test_orchestrator", "zabbix"],
];

/** Settings that every daemon reads from its file, before it knows a monitor. */
export interface CephConfSpec {
  fsid: string;
  /** IPv4 addresses of the monitors. */
  monitors: readonly string[];
  /** Node network, CIDR notation. */
  cidr: string;
}

/** Text of `/etc/ceph/ceph.conf`, the same on every machine; all else lies in the monitors' own database. */
export function renderCephConf({ fsid, monitors, cidr }: CephConfSpec): string {
  return [
    "[global]",
    `fsid = ${fsid}`,
    `mon_host = ${monitors.map((address) => `[v2:${address}:3300,v1:${address}:6789]`).join(" ")}`,
    `public_network = ${cidr}`,
    "ms_bind_ipv6 = false",
    // Read when the cluster is founded; `restful`, one of the defaults, needs what Debian's Python cannot load.
    "mgr_initial_modules = iostat",
    `mgr_disabled_modules = ${UNUSED_MODULES.join(" ")}`,
    "",
  ].join("\n");
}

/** Drop-in of the OSDs' units: they run as ceph, and a disk is root's after a boot. */
export const OSD_UNIT = `[Service]
ExecStartPre=/bin/sh -c 'chown ceph:ceph "$$(readlink -f /var/lib/ceph/osd/ceph-%i/block)"'
`;

/**
 * A Python module in front of Debian's: that one is written in Rust, and each of the manager daemon's interpreters but the
 * first is refused it (PyO3/pyo3#576), so that no module loads and Ceph stays at HEALTH_WARN. `mgr_util.py` imports it for
 * the passwords of a dashboard, which is not here.
 */
export const MGR_SHIM = `# Put here by swarmstead in front of python3-bcrypt, which the manager daemon cannot load.
def gensalt(*_):
    raise NotImplementedError("bcrypt cannot be loaded by Ceph's manager daemon")


hashpw = gensalt
`;

/** TCP ports that the daemons listen on; nodes alone reach them. */
export const CEPH_PORTS: readonly string[] = ["3300", "6789", "6800-7568"];
