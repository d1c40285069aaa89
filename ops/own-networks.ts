import { networkInterfaces } from "node:os";
import { canonical, overlaps } from "../stacks/cidr";
import type { ClusterConfig } from "../stacks/config";

/** A network that this computer is in. */
export interface OwnNetwork {
  /** Name of the interface, for example eth0 or docker0. */
  name: string;
  /** CIDR notation; the host part may be this computer's address. */
  cidr: string;
}

/** Every computer has these; they lead nowhere. */
const EVERYWHERE = ["127.0.0.0/8", "169.254.0.0/16"];

/** The IPv4 networks that this computer has an address in. */
export function ownNetworks(): OwnNetwork[] {
  return Object.entries(networkInterfaces()).flatMap(([name, addresses = []]) =>
    addresses.flatMap(({ family, cidr }) =>
      family === "IPv4" && cidr !== null ? [{ name, cidr }] : [],
    ),
  );
}

/**
 * A line for each address pool that takes addresses of this computer's own networks: a container would look for them
 * inside the swarm. The lab's VMs reach none of them anyway, but the machines that it stands for will.
 *
 * network.cidr may lie where this computer is: the lab's network never leaves it.
 */
export function poolOverlaps(
  { docker, swarm }: Pick<ClusterConfig, "docker" | "swarm">,
  own: readonly OwnNetwork[],
): string[] {
  const pools = [
    ["docker.addressPool", docker.addressPool],
    ["swarm.addressPool", swarm.addressPool],
  ] as const;
  const networks = own.filter(({ cidr }) => !EVERYWHERE.some((other) => overlaps(other, cidr)));
  return pools.flatMap(([field, pool]) =>
    networks
      .filter(({ cidr }) => overlaps(cidr, pool))
      .map(
        ({ name, cidr }) =>
          `${field}: must not overlap a network of this computer, ${canonical(cidr)} of ${name}, got "${pool}"; choose another private network`,
      ),
  );
}
