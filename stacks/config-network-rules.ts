import { outsideNetwork } from "../components/lab/addresses";
import { entriesAt, type Fault, valueAt } from "../components/lib/fault";
import { contains, isForMachines, overlaps, prefixOf, rangeOf } from "./cidr";
import { read } from "./config-fault";
import {
  DataPathPort,
  DockerPool,
  NodeCidr,
  OpenPort,
  RESERVED_PORTS,
  SubnetBits,
  SwarmPool,
} from "./config-values";

function portFaults(value: unknown): Fault[] {
  const dataPathPort = read(DataPathPort, value, ["swarm", "dataPathPort"]);
  const seen = new Set<string>();
  const faults = entriesAt(value, ["network", "open"]).flatMap(([index]): Fault[] => {
    const path = ["network", "open", Number(index)];
    const port = read(OpenPort, value, path);
    if (port === undefined) {
      return [];
    }
    const again = seen.has(port);
    seen.add(port);
    if (again) {
      return [{ path, message: "must be listed once; remove it" }];
    }
    const message =
      "must not be swarm.dataPathPort, which only nodes may reach; change one of the two";
    return port === `${String(dataPathPort)}/udp` ? [{ path, message }] : [];
  });
  const own = RESERVED_PORTS.filter((port) => port !== 4789);
  if (dataPathPort !== undefined && own.includes(dataPathPort)) {
    const message = `must be none of the cluster's other ports ${own.join(", ")}; choose another`;
    faults.push({ path: ["swarm", "dataPathPort"], message });
  }
  return faults;
}

function poolFaults(value: unknown): Fault[] {
  const cidr = read(NodeCidr, value, ["network", "cidr"]);
  const pools = [
    { path: ["docker", "addressPool"], cidr: read(DockerPool, value, ["docker", "addressPool"]) },
    { path: ["swarm", "addressPool"], cidr: read(SwarmPool, value, ["swarm", "addressPool"]) },
  ];
  const faults: Fault[] = [];
  const others: { name: string; cidr: string }[] = [];
  const isLab = valueAt(value, ["platform", "kind"]) === "lab";
  if (cidr !== undefined && isLab) {
    const outside = outsideNetwork(cidr);
    others.push({
      name: "the lab's network, network.cidr with its visitor's,",
      cidr: outside.both,
    });
    if (!isForMachines(outside.cidr)) {
      const message = `must be followed by a network for machines, where the lab's visitor lives; ${outside.cidr} is none, choose another`;
      faults.push({ path: ["network", "cidr"], message });
    }
  } else if (cidr !== undefined) {
    others.push({ name: "network.cidr", cidr });
  }
  for (const pool of pools) {
    const own = pool.cidr;
    if (own === undefined) {
      continue;
    }
    for (const other of others.filter((one) => overlaps(one.cidr, own))) {
      const message = `must not overlap ${other.name} ${other.cidr}; choose another private network for one of them`;
      faults.push({ path: pool.path, message, got: own });
    }
    others.push({ name: pool.path.join("."), cidr: own });
  }
  return faults;
}

function subnetFaults(value: unknown): Fault[] {
  const pool = read(SwarmPool, value, ["swarm", "addressPool"]);
  const path = ["swarm", "subnetBits"];
  const bits = read(SubnetBits, value, path);
  if (pool === undefined || bits === undefined || bits >= prefixOf(pool) + 2) {
    return [];
  }
  const least = String(prefixOf(pool) + 2);
  const message = `must be at least ${least}, so that swarm.addressPool ${pool} holds 4 networks; raise it or take a larger pool`;
  return [{ path, message, got: bits }];
}

/** What speaks against an address as one of the node network's; nothing where it is. */
export function placeFault(cidr: string, address: string): string | undefined {
  const { first, last } = rangeOf(cidr);
  if (!contains(cidr, address)) {
    const cure = `choose one between ${first} and ${last}, or change network.cidr`;
    return `must lie inside network.cidr ${cidr}; ${cure}`;
  }
  return address === first || address === last
    ? `must not be the network's own address ${first} nor its broadcast ${last}; choose one between`
    : undefined;
}

/** The faults of networks and ports that only several settings together show. */
export function networkFaults(value: unknown): Fault[] {
  return [...portFaults(value), ...poolFaults(value), ...subnetFaults(value)];
}
