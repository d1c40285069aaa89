/** Where every machine has the shared storage. */
export const MOUNT_POINT = "/var/data";
/** The service that mounts it. */
export const STORAGE_SERVICE = "swarmstead-storage.service";
/** Where the program lies that the service starts. */
export const MOUNT_PROGRAM = "/usr/local/lib/swarmstead/mount-storage";

/** How long an unmount may take where the storage does not answer, before the mount is taken away by force. */
const UNMOUNT_SECONDS = 20;

/** How long one mount may take, where its kind says nothing else. */
const MOUNT_SECONDS = 60;

export interface MountSpec {
  /** The file system's type, as `mount -t` has it. */
  type: string;
  /** What is mounted. */
  source: string;
  /** Options of the mount. */
  options: readonly string[];
  /** How long one mount may take before it is ended and tried again, in seconds. @default 60 */
  limitSeconds?: number;
  /** Units of this machine that the storage needs, where it serves it itself. They are stopped only after the unmount. */
  after: readonly string[];
}

/**
 * The program behind the service: mounts, however long it takes, since the other machines may still be without power; and
 * unmounts within a set time.
 *
 * The bare mountpoint is made immutable first, so that nothing is ever written beside the storage.
 */
export function renderMountProgram(spec: MountSpec): string {
  const { type, source, options, limitSeconds = MOUNT_SECONDS } = spec;
  return `#!/bin/bash
# Generated; a step writes it anew. mount-storage start|stop
set -euo pipefail

# Not by a look at it, which may hang where the storage is gone.
mounted() {
  grep -qF ' ${MOUNT_POINT} ' /proc/self/mounts
}

case $1 in
  start)
    mounted || {
      mkdir -p ${MOUNT_POINT}
      chattr +i ${MOUNT_POINT}
    }
    until mounted || timeout ${String(limitSeconds)} mount -t ${type} -o ${options.join(",")} ${source} ${MOUNT_POINT}; do
      # One that has failed in user space may leave a mount that nobody serves.
      ! mounted || umount --lazy ${MOUNT_POINT}
      sleep 3
    done
    ;;
  stop)
    # What still has files open holds a plain unmount up; the storage may be gone, too.
    ! mounted || timeout ${String(UNMOUNT_SECONDS)} umount ${MOUNT_POINT} || umount --force --lazy ${MOUNT_POINT}
    ;;
esac
`;
}

/** The service that mounts: what `Requires` it does not start without, and is stopped before it. */
export function renderStorageUnit({ after }: MountSpec): string {
  return `[Unit]
Description=Shared storage on ${MOUNT_POINT}
Wants=network-online.target
After=${["network-online.target", ...after].join(" ")}
Before=docker.service

[Service]
Type=oneshot
RemainAfterExit=yes
# A client in user space lives as long as the mount: killed for want of memory, it would leave a dead one.
OOMScoreAdjust=-900
ExecStart=${MOUNT_PROGRAM} start
ExecStop=${MOUNT_PROGRAM} stop
# The others may need an hour to come back.
TimeoutStartSec=infinity
TimeoutStopSec=${String(3 * UNMOUNT_SECONDS)}

[Install]
WantedBy=multi-user.target
`;
}

/** Docker's drop-in: no container starts before its files are there, and all have ended before they go. */
export function renderDockerDropIn(): string {
  return `[Unit]
Requires=${STORAGE_SERVICE}
After=${STORAGE_SERVICE}
`;
}
