import { entriesAt, type Fault, valueAt } from "../components/lib/fault";
import { accessFaults } from "./config-access";
import { entryFaults } from "./config-entry-rules";
import { read } from "./config-fault";
import { networkFaults, placeFault } from "./config-network-rules";
import { storageFaults } from "./config-storage-rules";
import { Address, NAME_PATTERN, NodeCidr, Role } from "./config-values";

const MAX_MANAGERS = 7;

/** Names that mean something else where a machine's name can stand. */
const TAKEN_NAMES = ["all", "localhost", "swarmstead", "visitor"];

/** Names that mean something else in the data layout: /var/data/config and /var/data/runtime hold every app's own. */
const TAKEN_APP_NAMES = ["config", "runtime"];

/** Names of the stacks that an entry is made of. */
const ENTRY_STACKS = ["traefik", "socket-proxy"];

/** Maps whose keys are names. */
const NAMED = [["machines"], ["apps"], ["access", "operators"]];

function appNameFaults(name: string): Fault[] {
  const path = ["apps", name];
  if (ENTRY_STACKS.includes(name)) {
    const message = `must be none of ${ENTRY_STACKS.join(", ")}, which an entry is made of; rename it`;
    return [{ path, message, got: name }];
  }
  const message = `must be none of ${TAKEN_APP_NAMES.join(", ")}, which are folders of all apps under /var/data; rename it`;
  return TAKEN_APP_NAMES.includes(name) ? [{ path, message, got: name }] : [];
}

function nameFaults(value: unknown): Fault[] {
  const rule =
    "must be 1 to 32 small letters, digits and dashes, from a letter on, not ending in a dash; rename it";
  return NAMED.flatMap((kind) =>
    entriesAt(value, kind).flatMap(([name]) => {
      const path = [...kind, name];
      if (!NAME_PATTERN.test(name)) {
        return [{ path, message: rule, got: name }];
      }
      if (kind[0] === "apps") {
        return appNameFaults(name);
      }
      const taken = TAKEN_NAMES.includes(name) || name.startsWith("swarmstead-");
      const message = `must be none of ${TAKEN_NAMES.join(", ")}, nor start with swarmstead-; rename it`;
      return kind[0] === "machines" && taken ? [{ path, message, got: name }] : [];
    }),
  );
}

function managerFaults(value: unknown): Fault[] {
  const whole = valueAt(value, ["machines"]);
  const machines = entriesAt(value, ["machines"]);
  const roles = machines.map(([name]) => read(Role, value, ["machines", name, "role"]));
  if (typeof whole !== "object" || whole === null || roles.includes(undefined)) {
    return [];
  }
  const count = roles.filter((role) => role === "manager").length;
  if (count % 2 === 1 && count <= MAX_MANAGERS) {
    return [];
  }
  const cure =
    count === 0
      ? "make one machine a manager, or three to survive the loss of one"
      : count > MAX_MANAGERS
        ? "make the others workers, since every manager must agree to every change"
        : "an even number survives no more losses than one less, so make one more or one less a manager";
  const message = `must hold 1, 3, 5 or 7 managers; ${cure}`;
  return [{ path: ["machines"], message, got: `${String(count)} managers` }];
}

function addressFaults(value: unknown): Fault[] {
  const cidr = read(NodeCidr, value, ["network", "cidr"]);
  const owners = new Map<string, string>();
  return entriesAt(value, ["machines"]).flatMap(([name]) => {
    const path = ["machines", name, "address"];
    const address = read(Address, value, path);
    if (address === undefined) {
      return [];
    }
    const owner = owners.get(address);
    owners.set(address, owner ?? name);
    if (owner !== undefined) {
      return [{ path, message: `must be its own; ${owner} has it already` }];
    }
    const message = cidr === undefined ? undefined : placeFault(cidr, address);
    return message === undefined ? [] : [{ path, message }];
  });
}

/** The faults that only several settings together show. Each setting counts as far as it is right by itself. */
export function crossFaults(value: unknown): Fault[] {
  const rules = [
    nameFaults,
    managerFaults,
    addressFaults,
    accessFaults,
    networkFaults,
    storageFaults,
    entryFaults,
  ];
  return rules.flatMap((rule) => rule(value));
}
