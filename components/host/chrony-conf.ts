export interface ChronySpec {
  /** Names of the machines that keep time for each other; the machine itself is left out. */
  peers: readonly string[];
  /** IPv4 network whose machines may ask for the time, CIDR notation. */
  cidr: string;
}

/**
 * chrony's configuration: the world's clocks where they can be reached, else the machines agree among themselves, so
 * that a cluster without internet keeps one time.
 *
 * @see https://chrony-project.org/doc/4.6/chrony.conf.html for `local … orphan` and `makestep`
 */
export function renderChronyConf({ peers, cidr }: ChronySpec): string {
  return [
    "pool 2.debian.pool.ntp.org iburst",
    ...peers.map((peer) => `server ${peer} iburst minpoll 4 maxpoll 6`),
    "local stratum 10 orphan",
    `allow ${cidr}`,
    "driftfile /var/lib/chrony/chrony.drift",
    "ntsdumpdir /var/lib/chrony",
    // Whenever it is off, not at the start alone: a VM whose computer slept is late by as much, and slewing takes days.
    "makestep 1 -1",
    "rtcsync",
    "",
  ].join("\n");
}
