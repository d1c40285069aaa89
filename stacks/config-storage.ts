import { z } from "zod";
import { WipeList } from "./config-disks";
import { section, wholeNumber } from "./config-values";

const Ceph = section({
  kind: z.literal("ceph"),
  osdMemoryMiB: wholeNumber("MiB", 896, 1_048_576)
    .default(1024)
    .describe(
      "Memory that each OSD aims at, in MiB, 896 (Ceph's own least) or more; more is faster.",
    ),
  wipe: WipeList,
}).describe("A Ceph cluster on the managers' own disks, three copies of everything.");

const Gluster = section({ kind: z.literal("gluster"), wipe: WipeList }).describe(
  "A GlusterFS volume with a copy on a disk of each of exactly three managers.",
);

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
  .discriminatedUnion("kind", [Ceph, Gluster, Nfs, Local], {
    error: ({ input }) =>
      typeof input === "object" && input !== null
        ? "must be a known kind of storage; there are ceph, gluster, nfs, local"
        : "must be a map of settings; for example {kind: ceph}",
  })
  .describe("The storage that every machine has at /var/data; none where it is left out.");
