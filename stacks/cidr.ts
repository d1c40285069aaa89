import ipaddr from "ipaddr.js";

function toNumber(address: string): number {
  return ipaddr.IPv4.parse(address)
    .toByteArray()
    .reduce((sum, byte) => sum * 256 + byte, 0);
}

/** The first and the last address of a network. */
export interface AddressRange {
  first: string;
  last: string;
}

/** Prefix length of a network in CIDR notation, in bits. */
export function prefixOf(cidr: string): number {
  return Number(cidr.slice(cidr.indexOf("/") + 1));
}

/** The network's own address and its broadcast address. */
export function rangeOf(cidr: string): AddressRange {
  return {
    first: ipaddr.IPv4.networkAddressFromCIDR(cidr).toString(),
    last: ipaddr.IPv4.broadcastAddressFromCIDR(cidr).toString(),
  };
}

/** The network in its canonical form: the host part is all zero. */
export function canonical(cidr: string): string {
  return `${rangeOf(cidr).first}/${String(prefixOf(cidr))}`;
}

/** Whether two networks share an address. */
export function overlaps(one: string, other: string): boolean {
  const [a, b] = [rangeOf(one), rangeOf(other)];
  return toNumber(a.first) <= toNumber(b.last) && toNumber(b.first) <= toNumber(a.last);
}

/** Whether an address lies inside a network; its own address and the broadcast address do. */
export function contains(cidr: string, address: string): boolean {
  return overlaps(cidr, `${address}/32`);
}

/** Networks that no machine can have: this host, loopback, link-local (clouds' metadata), multicast and reserved. */
const NOT_FOR_MACHINES = ["0.0.0.0/8", "127.0.0.0/8", "169.254.0.0/16", "224.0.0.0/3"];

/** Whether machines can have the addresses of a network. */
export function isForMachines(cidr: string): boolean {
  return !NOT_FOR_MACHINES.some((network) => overlaps(network, cidr));
}
