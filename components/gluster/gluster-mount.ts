import type { MountSpec } from "../storage/mount-conf";
import { DISK_UNIT } from "./gluster-conf";

/** GlusterFS's name of the volume. */
export const VOLUME = "data";

/** A network that swallows what is for a dead machine lets a mount take 55 s, seen with GlusterFS 11.1. */
const LIMIT_SECONDS = 120;

/**
 * How a machine mounts the volume. Whichever server answers tells of the bricks, which the client then talks to itself.
 *
 * What one machine writes the others have to read at once, so the kernel keeps no names and sizes (for a second by
 * default), and no contents from one open to the next. By default it does: a file that was written again at the same
 * size was read as it had been for the 10 s that one looked, its new time told (seen with GlusterFS 11.1, Linux 6.18).
 *
 * @param servers addresses of the managers
 * @param own the machine's own, which is asked first where it is one of them
 */
export function glusterMountSpec(servers: readonly string[], own: string): MountSpec {
  const isServer = servers.includes(own);
  const [first = "", ...others] = isServer
    ? [own, ...servers.filter((address) => address !== own)]
    : servers;
  return {
    type: "glusterfs",
    source: `${first}:/${VOLUME}`,
    options: [
      `backup-volfile-servers=${others.join(":")}`,
      "attribute-timeout=0",
      "entry-timeout=0",
      "fopen-keep-cache=no",
      "noatime",
      "_netdev",
    ],
    limitSeconds: LIMIT_SECONDS,
    after: isServer ? ["glusterd.service", DISK_UNIT] : [],
  };
}
