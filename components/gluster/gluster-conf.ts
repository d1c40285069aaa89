/** The port of GlusterFS's management, and the range that the bricks take theirs from. */
const MANAGEMENT_PORT = 24007;
const FIRST_BRICK_PORT = 49152;
const LAST_BRICK_PORT = 49160;

/** TCP ports that the daemons listen on; nodes alone reach them. */
export const GLUSTER_PORTS: readonly string[] = [
  String(MANAGEMENT_PORT),
  `${String(FIRST_BRICK_PORT)}-${String(LAST_BRICK_PORT)}`,
];

/** Where a manager's disk is mounted. */
export const DISK_FOLDER = "/srv/gluster";
/** The unit that mounts it; systemd takes its name from the folder. */
export const DISK_UNIT = "srv-gluster.mount";
/** The brick. Inside of the mount, so that without its disk there is none. */
export const BRICK = `${DISK_FOLDER}/brick`;

/**
 * Text of `/etc/glusterfs/glusterd.vol`: the distribution's, with a range of brick ports that a firewall can name.
 *
 * A command that waits for a machine without power holds the volume's lock; by default until it gives up after two
 * minutes, as there is no ping between these daemons (gluster/glusterfs#2677). The kernel's limit on unanswered data ends
 * the wait.
 */
export function renderGlusterdVol(): string {
  return `volume management
    type mgmt/glusterd
    option working-directory /var/lib/glusterd
    option transport-type socket
    option transport.socket.keepalive-time 10
    option transport.socket.keepalive-interval 2
    option transport.socket.read-fail-log off
    option transport.socket.listen-port ${String(MANAGEMENT_PORT)}
    option transport.tcp-user-timeout 20
    option ping-timeout 0
    option event-threads 1
    option base-port ${String(FIRST_BRICK_PORT)}
    option max-port ${String(LAST_BRICK_PORT)}
end-volume
`;
}

/** The unit that mounts a manager's disk. A disk that is gone does not hold the boot up. */
export function renderDiskUnit(device: string): string {
  return `[Unit]
Description=Disk of the shared storage

[Mount]
What=${device}
Where=${DISK_FOLDER}
Type=xfs
Options=noatime,nofail

[Install]
WantedBy=multi-user.target
`;
}

/**
 * Drop-in of the daemon's unit: it starts behind its disk, and ends before it. It runs without the disk, too, since the
 * others count it among those that have to be there.
 */
export const GLUSTERD_DROP_IN = `[Unit]
Wants=network-online.target ${DISK_UNIT}
After=${DISK_UNIT}
`;
