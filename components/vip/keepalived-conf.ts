import { CHECK_PROGRAM } from "./check-program";

/** VRRP's number among the IP protocols. */
export const VRRP_PROTOCOL = 112;

/** Stands for the interface that has the machine's private address; only the machine knows it. */
export const INTERFACE = "@interface@";

export interface KeepalivedSpec {
  /** IPv4 address that moves. */
  address: string;
  /** VRRP's id of it, 1 to 255. */
  routerId: number;
  /** How often the holder says that it lives. */
  advertSeconds: number;
  /** How often the machine looks whether it may hold the address. */
  checkSeconds: number;
  /** Place of the machine among the managers, the most preferred one's is 0. */
  rank: number;
  /** Private address of the machine. */
  source: string;
  /** Private addresses of the other managers. */
  peers: readonly string[];
}

/** Of the range 1 to 254; eight machines have priorities of their own. */
const HIGHEST_PRIORITY = 250;
const PRIORITY_STEP = 35;

/**
 * The priority of a machine.
 *
 * Far apart: who takes over waits `(256 - priority) / 256` of an advert, and two that wait for nearly as long both do
 * (RFC 9568, 6.1). The same however many managers there are, so that one more changes nothing of those before it.
 */
function priorityOf(rank: number): number {
  return HIGHEST_PRIORITY - PRIORITY_STEP * rank;
}

/** Without a peer there is no unicast: keepalived would fall back to multicast, and call that a fault. */
function unicast({ source, peers }: KeepalivedSpec): string[] {
  if (peers.length === 0) {
    return [];
  }
  return [
    `    unicast_src_ip ${source}`,
    "    track_src_ip",
    "    unicast_peer {",
    // What came by a router comes from nobody in this network.
    ...peers.map((peer) => `        ${peer} min_ttl 255`),
    "    }",
  ];
}

/**
 * Text of `/etc/keepalived/keepalived.conf`.
 *
 * Nobody is born the holder, and a machine that comes back takes nothing away (`nopreempt`). A check without weight takes
 * the machine out of the election; with one it would never hand over (acassen/keepalived#2379). The check's line is always
 * the same: for another one, a reload would take the check for failed, and drop the address (`clear_diff_script` in
 * keepalived 2.3's vrrp.c).
 *
 * A /32 brings no route along, and with scope `link` the kernel puts it behind every global address: it is never the
 * source of what the machine itself sends, overlays' packets above all (moby#53004). `preferred_lft 0` would do
 * nothing, as keepalived 2.3 knows it for IPv6 alone.
 *
 * @see https://www.keepalived.org/manpage.html
 */
export function renderKeepalivedConf(spec: KeepalivedSpec): string {
  const { address, routerId, advertSeconds, checkSeconds, rank } = spec;
  return [
    "# Generated; a step writes it anew.",
    "global_defs {",
    "    enable_script_security",
    "    script_user root",
    "    vrrp_version 3",
    "}",
    "",
    "vrrp_script entry {",
    `    script "${CHECK_PROGRAM}"`,
    `    interval ${String(checkSeconds)}`,
    "    fall 2",
    "    rise 2",
    "    init_fail",
    "}",
    "",
    "vrrp_instance entry {",
    "    state BACKUP",
    "    nopreempt",
    `    interface ${INTERFACE}`,
    `    virtual_router_id ${String(routerId)}`,
    `    priority ${String(priorityOf(rank))}`,
    `    advert_int ${String(advertSeconds)}`,
    ...unicast(spec),
    // Where two held it, the one that keeps it hears of that, and says anew where the address is.
    "    higher_prio_send_advert",
    // At once, and once more where the first was lost; then from time to time, for who came too late or forgot.
    "    garp_master_repeat 3",
    "    garp_master_delay 1",
    "    garp_master_refresh 10",
    "    track_script {",
    "        entry",
    "    }",
    "    virtual_ipaddress {",
    `        ${address}/32 dev ${INTERFACE} scope link`,
    "    }",
    "}",
    "",
  ].join("\n");
}

/**
 * Drop-in of keepalived's unit. It starts behind Docker, so it ends before it: a machine that shuts down hands the address
 * over before Traefik goes. It does not need Docker, and is only no candidate without it. However often it fails, it is
 * started again; a busy machine is not to be late with adverts and checks, which would move the address.
 */
export const KEEPALIVED_DROP_IN = `[Unit]
Wants=network-online.target
After=network-online.target docker.service
StartLimitIntervalSec=0

[Service]
Restart=always
RestartSec=1
Nice=-15
OOMScoreAdjust=-900
`;
