import type { MountSpec } from "../storage/mount-conf";

/** Ceph's name of the file system. */
export const FILE_SYSTEM = "data";
/** Who mounts it; may do nothing else (ceph-keys.ts). */
export const CLIENT = "swarm";
/** Where a machine keeps the key of its mount. */
export const CLIENT_SECRET = "/etc/ceph/swarm.secret";

/** How a machine mounts the file system: by a client that may do nothing else, from whichever monitors live. */
export function mountSpec(
  fsid: string,
  monitors: readonly string[],
  after: readonly string[],
): MountSpec {
  return {
    type: "ceph",
    source: `${CLIENT}@${fsid}.${FILE_SYSTEM}=/`,
    options: [
      `mon_addr=${monitors.map((address) => `${address}:3300`).join("/")}`,
      `secretfile=${CLIENT_SECRET}`,
      "ms_mode=prefer-crc",
      "noatime",
      // A client that was away too long is shut out; this has it come back by itself, with what it had not written lost.
      "recover_session=clean",
      "mount_timeout=30",
      "_netdev",
    ],
    after,
  };
}
