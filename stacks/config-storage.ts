import { z } from "zod";
import { entriesAt, type Fault, valueAt } from "../components/lib/fault";
import { WipeList, wipeFaults } from "./config-disks";
import { read } from "./config-fault";
import { OpenPort, Role, section, wholeNumber } from "./config-values";

/** What a machine needs beside its OSDs: monitor, manager and metadata server 700 MiB, Docker and what runs in it. */
const BESIDE_OSDS_MIB = 1792;
/** Below that an OSD's own bookkeeping takes a good part of its disk. */
const LEAST_DISK_GIB = 5;

const Ceph = section({
  kind: z.literal("ceph"),
  osdMemoryMiB: wholeNumber("MiB", 896, 1_048_576)
    .default(1024)
    .describe(
      "Memory that each OSD aims at, in MiB, 896 (Ceph's own least) or more; more is faster.",
    ),
  wipe: WipeList,
}).describe("A Ceph cluster on the managers' own disks, three copies of everything.");

const Local = section({ kind: z.literal("local") }).describe(
  "A folder of the only machine; its loss is the data's loss.",
);

const SERVER_RULE = "must be the server's IPv4 address or host name; for example 10.77.0.9";
const PATH_RULE =
  "must be an absolute path of letters, digits and . _ - / without dots as a folder's name; for example /srv/data";

const Nfs = section({
  kind: z.literal("nfs"),
  server: z
    .string({ error: SERVER_RULE })
    .regex(/^[A-Za-z0-9](?:[A-Za-z0-9.-]{0,251}[A-Za-z0-9])?$/, { error: SERVER_RULE })
    .describe("The server: its IPv4 address or host name; it answers on TCP port 2049."),
  path: z
    .string({ error: PATH_RULE })
    .regex(/^(?:\/(?!\.{1,2}(?:\/|$))[A-Za-z0-9._-]+)+$|^\/$/, { error: PATH_RULE })
    .describe("The folder that it exports, as clients mount it."),
  version: z
    .enum(["4.0", "4.1", "4.2"], { error: 'must be "4.0", "4.1" or "4.2", in quotes' })
    .default("4.2")
    .describe("Version of the protocol; Amazon's EFS knows 4.0 and 4.1."),
}).describe("A folder of a server that is there already; whoever runs it keeps the data.");

/** The storage that every machine shares. */
export const StorageSection = z
  .discriminatedUnion("kind", [Ceph, Nfs, Local], {
    error: ({ input }) =>
      typeof input === "object" && input !== null
        ? "must be a known kind of storage; there are ceph, nfs, local"
        : "must be a map of settings; for example {kind: ceph}",
  })
  .describe("The storage that every machine has at /var/data; none where it is left out.");

/** The TCP ports of Ceph's daemons, as `CEPH_PORTS` of the firewall has them. */
function isCephPort(port: number): boolean {
  return port === 3300 || port === 6789 || (port >= 6800 && port <= 7568);
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
      "must be ceph or nfs where there are several machines, as a folder of one is not seen by the others; use ceph with three managers, or leave storage out";
    return [{ path, message }];
  }
  if (kind === "nfs") {
    return serverFaults(value, machines);
  }
  if (kind !== "ceph") {
    return [];
  }
  const message =
    "must be nfs, local or left out with fewer than three managers, as ceph keeps three copies on three machines; add managers, or use local with one machine";
  const few = managers < 3 && !roles.includes(undefined) ? [{ path, message }] : [];
  const open = entriesAt(value, ["network", "open"]).flatMap(([index]): Fault[] => {
    const place = ["network", "open", Number(index)];
    const port = read(OpenPort, value, place);
    return port !== undefined && isCephPort(Number.parseInt(port, 10)) && port.endsWith("/tcp")
      ? [
          {
            path: place,
            message: "must be none of Ceph's own ports 3300, 6789, 6800 to 7568; choose another",
          },
        ]
      : [];
  });
  return [...few, ...open, ...sizeFaults(value), ...wipeFaults(value)];
}
