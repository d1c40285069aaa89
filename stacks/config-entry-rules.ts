import { entriesAt, type Fault, valueAt } from "../components/lib/fault";
import { PING_PORT } from "../components/traefik/traefik-flags";
import { Domain, ENTRY_OPEN, HostName } from "./config-entry";
import { read } from "./config-fault";
import { placeFault } from "./config-network-rules";
import { Address, NodeCidr, OpenPort } from "./config-values";

/** Who has an address already, as far as the environment says. */
function ownerOf(value: unknown, address: string): string | undefined {
  const machine = entriesAt(value, ["machines"]).find(
    ([name]) => valueAt(value, ["machines", name, "address"]) === address,
  );
  const isServer = valueAt(value, ["storage", "server"]) === address;
  return machine?.[0] ?? (isServer ? "storage.server" : undefined);
}

function addressFaults(value: unknown): Fault[] {
  const path = ["entry", "address"];
  const address = read(Address, value, path);
  if (address === undefined) {
    return [];
  }
  const owner = ownerOf(value, address);
  if (owner !== undefined) {
    const message = `must be nobody's own, as it moves from manager to manager; ${owner} has it, choose another`;
    return [{ path, message }];
  }
  const cidr = read(NodeCidr, value, ["network", "cidr"]);
  const message = cidr === undefined ? undefined : placeFault(cidr, address);
  return message === undefined ? [] : [{ path, message }];
}

function portFaults(value: unknown): Fault[] {
  return entriesAt(value, ["network", "open"]).flatMap(([index]): Fault[] => {
    const path = ["network", "open", Number(index)];
    const port = read(OpenPort, value, path);
    if (port === `${String(PING_PORT)}/tcp`) {
      const message = `must not be ${port} with entry, as Traefik answers there for its own machine alone; choose another`;
      return [{ path, message }];
    }
    const message = "must be left out with entry, which opens it by itself; take it out";
    return port !== undefined && ENTRY_OPEN.includes(port) ? [{ path, message }] : [];
  });
}

function hostFaults(value: unknown): Fault[] {
  const domain = read(Domain, value, ["entry", "domain"]);
  const owners = new Map<string, string>();
  return entriesAt(value, ["apps"]).flatMap(([app]): Fault[] => {
    const path = ["apps", app, "host"];
    const isGiven = valueAt(value, path) !== undefined;
    const host = isGiven ? read(HostName, value, path) : domain && `${app}.${domain}`;
    if (host === undefined) {
      return [];
    }
    const owner = owners.get(host);
    owners.set(host, owner ?? app);
    const message = `must be one app's alone; ${owner ?? ""} has it already, choose another`;
    return owner === undefined ? [] : [{ path, message, got: host }];
  });
}

function needlessHosts(value: unknown): Fault[] {
  const message =
    "must be left out without entry, which alone leads to a host name; add entry, or take it out";
  return entriesAt(value, ["apps"])
    .map(([app]) => ["apps", app, "host"])
    .filter((path) => valueAt(value, path) !== undefined)
    .map((path) => ({ path, message }));
}

/** What an entry needs of the other settings, and what only makes sense with one. */
export function entryFaults(value: unknown): Fault[] {
  return valueAt(value, ["entry"]) === undefined
    ? needlessHosts(value)
    : [...addressFaults(value), ...portFaults(value), ...hostFaults(value)];
}
