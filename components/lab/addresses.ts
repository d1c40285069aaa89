import { createHash } from "node:crypto";
import ipaddr from "ipaddr.js";

/** The network beside the node network, where the lab's visitor and the gateway to this computer live. */
export interface OutsideNetwork {
  /** CIDR notation; as large as the node network, and right after it. */
  cidr: string;
  /** The gateway: where connections of this computer come from. */
  gateway: string;
  /** The visitor machine. */
  visitor: string;
  /** The smallest network that holds both, CIDR notation. */
  both: string;
}

function toNumber(address: string): number {
  return ipaddr.IPv4.parse(address)
    .toByteArray()
    .reduce((sum, byte) => sum * 256 + byte, 0);
}

function toAddress(value: number): string {
  return [24, 16, 8, 0].map((bits) => Math.floor(value / 2 ** bits) % 256).join(".");
}

/**
 * The lab's network outside the node network.
 *
 * @param cidr the node network, CIDR notation
 */
export function outsideNetwork(cidr: string): OutsideNetwork {
  const [address = "", prefix = "0"] = cidr.split("/");
  const bits = Number(prefix);
  const size = 2 ** (32 - bits);
  const first = toNumber(address) + size;
  let wide = bits;
  while (
    Math.floor(toNumber(address) / 2 ** (32 - wide)) !== Math.floor(first / 2 ** (32 - wide))
  ) {
    wide -= 1;
  }
  const base = Math.floor(first / 2 ** (32 - wide)) * 2 ** (32 - wide);
  return {
    cidr: `${toAddress(first)}/${String(bits)}`,
    gateway: toAddress(first + 2),
    visitor: toAddress(first + 10),
    both: `${toAddress(base)}/${String(wide)}`,
  };
}

/** The MAC address of a VM: the same for the same name for ever, in QEMU's range. */
export function macOf(name: string): string {
  const digest = createHash("sha256").update(name).digest();
  return `52:54:00:${[...digest.subarray(0, 3)].map((byte) => byte.toString(16).padStart(2, "0")).join(":")}`;
}
