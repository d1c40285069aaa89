import { entriesAt, type Fault, valueAt } from "../lib/fault";

/** Networks of the node itself; by them a container would stand outside of all that the swarm keeps apart. */
const NODE_NETWORKS = ["bridge", "docker_gwbridge", "host", "ingress", "none"];

/** What a service names: in a list, or as the keys of a map of networks. */
function namedBy(kind: string, value: unknown): { name: string; key: PropertyKey }[] {
  if (!Array.isArray(value)) {
    const names = kind === "networks" ? entriesAt(value, []) : [];
    return names.map(([name]) => ({ name, key: name }));
  }
  return value.flatMap((item: unknown, at) => {
    const name = typeof item === "string" ? item : valueAt(item, ["source"]);
    return typeof name === "string" ? [{ name, key: at }] : [];
  });
}

/** Names of networks, secrets, configs and services that a service uses and the file does not declare. */
export function referenceFaults(root: unknown): Fault[] {
  const declared = (kind: string): string[] => entriesAt(root, [kind]).map(([name]) => name);
  const known: Readonly<Record<string, readonly string[]>> = {
    networks: [...declared("networks"), "default"],
    secrets: declared("secrets"),
    configs: declared("configs"),
    depends_on: declared("services"),
  };
  return entriesAt(root, ["services"]).flatMap(([service]) =>
    Object.entries(known).flatMap(([kind, names]) =>
      namedBy(kind, valueAt(root, ["services", service, kind]))
        .filter(({ name }) => !names.includes(name))
        .map(({ name, key }) => {
          const section = kind === "depends_on" ? "services" : kind;
          const message = `must be declared; add it to the file's ${section}, or correct the name`;
          return { path: ["services", service, kind, key], message, got: name };
        }),
    ),
  );
}

/** Networks that are the node's own. */
export function networkFaults(root: unknown): Fault[] {
  return entriesAt(root, ["networks"]).flatMap(([key, network]): Fault[] => {
    const name = valueAt(network, ["name"]) ?? key;
    const isExternal = valueAt(network, ["external"]) === true;
    const message = `must be none of the node's own networks ${NODE_NETWORKS.join(", ")}; take an overlay network`;
    return isExternal && typeof name === "string" && NODE_NETWORKS.includes(name)
      ? [{ path: ["networks", key], message, got: name }]
      : [];
  });
}
