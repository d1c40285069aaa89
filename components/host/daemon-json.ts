export interface DaemonJsonSpec {
  /** Pool of the engine's own bridge networks, CIDR notation; a /24 is cut from it for each. */
  addressPool: string;
  /** Bytes of a whole packet on the machines' network. */
  mtu: number;
  /** Size at which a container's log is rotated, in MiB. */
  logMaxMiB: number;
  /** Rotated logs kept for a container. */
  logFiles: number;
}

/** What a VXLAN header takes from each packet, in bytes. */
const VXLAN_OVERHEAD = 50;

/** The MTU of an overlay network on a network with the given MTU. */
export function overlayMtu(mtu: number): number {
  return mtu - VXLAN_OVERHEAD;
}

/**
 * Docker's `/etc/docker/daemon.json`.
 *
 * `live-restore` is off since swarm mode refuses it; the log driver `local` compresses and rotates, and
 * `docker service logs` reads it.
 *
 * @see https://docs.docker.com/reference/cli/dockerd/#daemon-configuration-file
 */
export function renderDaemonJson(spec: DaemonJsonSpec): string {
  const { addressPool, mtu, logMaxMiB, logFiles } = spec;
  const daemon = {
    "default-address-pools": [{ base: addressPool, size: 24 }],
    "default-network-opts": {
      bridge: { "com.docker.network.driver.mtu": String(mtu) },
      overlay: { "com.docker.network.driver.mtu": String(overlayMtu(mtu)) },
    },
    "live-restore": false,
    "log-driver": "local",
    "log-opts": { "max-size": `${String(logMaxMiB)}m`, "max-file": String(logFiles) },
    mtu,
  };
  return `${JSON.stringify(daemon, null, 2)}\n`;
}
