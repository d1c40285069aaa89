export interface FirewallSpec {
  /** Ports that anybody may reach, published by Docker or by the machine itself; each `<port>/tcp` or `<port>/udp`. */
  open: readonly string[];
  /** UDP port of the swarm's VXLAN. */
  dataPathPort: number;
  /** TCP ports that nodes alone reach, beside the swarm's; as nftables has them, `3300` or `6800-7568`. */
  nodePorts: readonly string[];
  /** IP protocols beside TCP and UDP that nodes alone speak, by their numbers. @default none */
  nodeProtocols?: readonly number[];
}

/** Where the set of the machines' addresses is kept; written by `apply-members`. */
export const NODES_FILE = "/etc/swarmstead/nodes.nft";

function portSet(name: string, ports: readonly number[]): string[] {
  const elements = ports.length > 0 ? [`    elements = { ${ports.join(", ")} }`] : [];
  return [`  set ${name} {`, "    type inet_service", ...elements, "  }"];
}

/**
 * The machine's own nftables table, as one atomic replacement of itself; Docker's tables are left alone.
 *
 * What Docker publishes is rewritten before it is filtered and so never meets `input`; `forward` judges it by the port
 * that the stranger dialled. The chain is our own and not `DOCKER-USER`, as Docker neither reorders nor empties it
 * (docs/decisions/own-forward-chain.md).
 */
export function renderFirewall(spec: FirewallSpec): string {
  const { open, dataPathPort, nodePorts, nodeProtocols = [] } = spec;
  const ports = (protocol: string): number[] =>
    open
      .filter((port) => port.endsWith(`/${protocol}`))
      .map((port) => Number.parseInt(port, 10))
      .sort((a, b) => a - b);
  return [
    "#!/usr/sbin/nft -f",
    "table inet swarmstead",
    "delete table inet swarmstead",
    "table inet swarmstead {",
    `  include "${NODES_FILE}"`,
    ...portSet("open_tcp", ports("tcp")),
    ...portSet("open_udp", ports("udp")),
    "  set containers {",
    "    type ifname",
    "    flags interval",
    '    elements = { "docker0", "docker_gwbridge", "br-*" }',
    "  }",
    "",
    "  chain input {",
    "    type filter hook input priority filter; policy drop;",
    '    iifname "lo" accept',
    "    ct state established,related accept",
    "    ct state invalid drop",
    "    meta l4proto { icmp, ipv6-icmp } accept",
    "    tcp dport @open_tcp accept",
    "    udp dport @open_udp accept",
    "    iifname @containers drop",
    `    ip saddr @nodes tcp dport { ${["2377", "7946", ...nodePorts].join(", ")} } accept`,
    `    ip saddr @nodes udp dport { 123, 7946, ${String(dataPathPort)} } accept`,
    ...nodeProtocols.map((number) => `    ip saddr @nodes ip protocol ${String(number)} accept`),
    "    tcp dport 22 accept",
    "  }",
    "",
    "  chain forward {",
    "    type filter hook forward priority filter - 10; policy accept;",
    "    ct state established,related accept",
    "    ip daddr 169.254.169.254 drop",
    "    iifname @containers ip daddr @nodes tcp dport != @open_tcp drop",
    "    iifname @containers ip daddr @nodes udp dport != @open_udp drop",
    "    iifname @containers accept",
    "    meta l4proto tcp ct original proto-dst @open_tcp accept",
    "    meta l4proto udp ct original proto-dst @open_udp accept",
    "    drop",
    "  }",
    "}",
    "",
  ].join("\n");
}
