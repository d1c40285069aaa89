import { CEPH_PORTS } from "../components/ceph/ceph-conf";
import { GLUSTER_PORTS } from "../components/gluster/gluster-conf";
import { entriesAt, type Fault, valueAt } from "../components/lib/fault";
import { wipeFaults } from "./config-disks";
import { read } from "./config-fault";
import { OpenPort, Role } from "./config-values";

/** What a machine needs beside its OSDs: monitor, manager and metadata server 700 MiB, Docker and what runs in it. */
const BESIDE_OSDS_MIB = 1792;
/** Below that an OSD's own bookkeeping takes a good part of its disk. */
const LEAST_DISK_GIB = 5;

/** The TCP ports that a kind keeps for itself, and whose they are. */
const KEPT_PORTS = {
  ceph: { owner: "Ceph", ports: CEPH_PORTS },
  gluster: { owner: "GlusterFS", ports: GLUSTER_PORTS },
} as const;

function portFaults(value: unknown, kind: keyof typeof KEPT_PORTS): Fault[] {
  const { owner, ports } = KEPT_PORTS[kind];
  const isKept = (number: number): boolean =>
    ports.some((range) => {
      const [first = 0, last = first] = range.split("-").map(Number);
      return number >= first && number <= last;
    });
  const words = ports.join(", ").replaceAll("-", " to ");
  return entriesAt(value, ["network", "open"]).flatMap(([index]): Fault[] => {
    const path = ["network", "open", Number(index)];
    const port = read(OpenPort, value, path);
    const message = `must be none of ${owner}'s own ports ${words}; choose another`;
    return port?.endsWith("/tcp") === true && isKept(Number.parseInt(port, 10))
      ? [{ path, message }]
      : [];
  });
}

/** Memory that a machine with so many OSDs needs, in MiB. */
export function cephMemoryMiB(osdMemoryMiB: number, osds: number): number {
  return osdMemoryMiB * osds + BESIDE_OSDS_MIB;
}

function sizeFaults(value: unknown): Fault[] {
  const number = (path: readonly string[], otherwise: number): number => {
    const found = valueAt(value, path) ?? otherwise;
    return typeof found === "number" ? found : Number.POSITIVE_INFINITY;
  };
  if (valueAt(value, ["platform", "kind"]) !== "lab") {
    return [];
  }
  const faults: Fault[] = [];
  const least = cephMemoryMiB(number(["storage", "osdMemoryMiB"], 1024), 1);
  const memory = number(["platform", "memoryMiB"], 3072);
  if (memory < least && least < Number.POSITIVE_INFINITY) {
    const path = ["platform", "memoryMiB"];
    const message = `must be ${String(least)} at least with storage ceph, for its daemons and what runs beside them; raise it, or lower storage.osdMemoryMiB`;
    faults.push({ path, message, got: memory });
  }
  const disk = number(["platform", "dataDiskGiB"], 8);
  if (disk < LEAST_DISK_GIB) {
    const path = ["platform", "dataDiskGiB"];
    const message = `must be ${String(LEAST_DISK_GIB)} at least with storage ceph; raise it`;
    faults.push({ path, message, got: disk });
  }
  return faults;
}

/** What is wrong with the number of managers, where their disks hold the copies. */
function managersFault(kind: "ceph" | "gluster", managers: number): string | undefined {
  if (managers < 3) {
    return `must be nfs, local or left out with fewer than three managers, as ${kind} keeps three copies on three machines; add managers, or use local with one machine`;
  }
  return kind === "gluster" && managers > 3
    ? "must be ceph or nfs with more than three managers, as gluster has a copy on every manager and three of them at most; make the others workers, or use ceph"
    : undefined;
}

/** A machine that serves itself would wait for itself at its start. */
function serverFaults(value: unknown, machines: readonly (readonly [string, unknown])[]): Fault[] {
  const path = ["storage", "server"];
  const server = valueAt(value, path);
  const own = machines.find(
    ([name]) => server === name || server === valueAt(value, ["machines", name, "address"]),
  );
  const message =
    "must be none of the environment's own machines; name a server beside them, or use ceph";
  return own && server !== undefined ? [{ path, message }] : [];
}

/** What a kind of storage needs of the machines, and the ports that it keeps for itself. */
export function storageFaults(value: unknown): Fault[] {
  const path = ["storage", "kind"];
  const kind = valueAt(value, path);
  const machines = entriesAt(value, ["machines"]);
  const roles = machines.map(([name]) => read(Role, value, ["machines", name, "role"]));
  const managers = roles.filter((role) => role === "manager").length;
  if (kind === "local" && machines.length > 1) {
    const message =
      "must be ceph, gluster or nfs where there are several machines, as a folder of one is not seen by the others; use ceph with three managers, or leave storage out";
    return [{ path, message }];
  }
  if (kind === "nfs") {
    return serverFaults(value, machines);
  }
  if (kind !== "ceph" && kind !== "gluster") {
    return [];
  }
  const numberFault = roles.includes(undefined) ? undefined : managersFault(kind, managers);
  const number = numberFault === undefined ? [] : [{ path, message: numberFault }];
  const sizes = kind === "ceph" ? sizeFaults(value) : [];
  return [...number, ...portFaults(value, kind), ...sizes, ...wipeFaults(value)];
}
