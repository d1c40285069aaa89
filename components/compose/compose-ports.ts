import { entriesAt, type Fault, valueAt } from "../lib/fault";

type Path = readonly PropertyKey[];

/** A port that a service takes on every node. */
export interface PublishedPort {
  /** Where it stands in the file. */
  path: Path;
  /** As it stands there. */
  got: unknown;
  port: number;
  protocol: string;
}

/** A port entry, or the rule that it breaks. */
type Entry = { ports: PublishedPort[] } | { rule: string };

const HIGHEST = 65_535;
const FORM = "must be published:target, each a port or a range; for example 8080:80 or 53:53/udp";
const SHORT =
  /^(?:(?<address>.+):)?(?:(?<published>\d+(?:-\d+)?):)(?<target>\d+(?:-\d+)?)(?:\/(?<protocol>tcp|udp|sctp))?$/;
const TARGET_ONLY = /^\d+(?:-\d+)?(?:\/(?:tcp|udp|sctp))?$/;

function range(text: string): number[] {
  const [first = 0, last = first] = text.split("-").map(Number);
  return first >= 1 && last >= first && last <= HIGHEST
    ? Array.from({ length: last - first + 1 }, (_, at) => first + at)
    : [];
}

function readShort(path: Path, text: string): Entry {
  const { address, published = "", target = "", protocol = "tcp" } = SHORT.exec(text)?.groups ?? {};
  if (address !== undefined) {
    return {
      rule: "must name no address, since a swarm publishes on every address of every node; leave the address out, and the port closed by network.open",
    };
  }
  if (published === "") {
    return TARGET_ONLY.test(text) ? { ports: [] } : { rule: FORM };
  }
  const [here, there] = [range(published), range(target)];
  if (here.length === 0 || here.length !== there.length) {
    return { rule: FORM };
  }
  return { ports: here.map((port) => ({ path, got: text, port, protocol })) };
}

function readEntry(path: Path, value: unknown): Entry {
  if (typeof value === "string") {
    return readShort(path, value);
  }
  const [port, target] = [valueAt(value, ["published"]), valueAt(value, ["target"])];
  const protocol = valueAt(value, ["protocol"]) ?? "tcp";
  const known = [port, target].filter((number) => typeof number === "number");
  if (known.some((number) => number > HIGHEST)) {
    return { rule: `must be ports from 1 to ${String(HIGHEST)}; choose another` };
  }
  const isPublished = typeof port === "number" && port > 0 && typeof protocol === "string";
  return { ports: isPublished ? [{ path, got: value, port, protocol }] : [] };
}

function eachEntry(root: unknown): { path: Path; value: unknown; entry: Entry }[] {
  return entriesAt(root, ["services"]).flatMap(([service]) =>
    entriesAt(root, ["services", service, "ports"]).map(([index, value]) => {
      const path = ["services", service, "ports", Number(index)];
      return { path, value, entry: readEntry(path, value) };
    }),
  );
}

/** Every port that a compose file publishes; one that stands there in no readable way is left out. */
export function publishedPorts(root: unknown): PublishedPort[] {
  return eachEntry(root).flatMap(({ entry }) => ("ports" in entry ? entry.ports : []));
}

/** Port entries that cannot be read, or do not do what they seem to. */
export function portFaults(root: unknown): Fault[] {
  return eachEntry(root).flatMap(({ path, value, entry }) =>
    "rule" in entry ? [{ path, message: entry.rule, got: value }] : [],
  );
}
