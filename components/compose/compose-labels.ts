import { entriesAt, valueAt } from "../lib/fault";
import type { ComposeFault } from "./compose-fault";

/** The overlay network on which Traefik reaches what it serves. It is no stack's own. */
export const EDGE_NETWORK = "edge";

/** A label of a service or a container. Traefik heeds no difference between small and capital letters. */
interface Label {
  path: readonly PropertyKey[];
  /** In small letters. */
  name: string;
  value: string;
}

/** The label that gives the port; a swarm, other than a single Docker, tells Traefik of none. */
const PORT_LABEL = /^traefik\.(?:http|tcp|udp)\.services\.[^.]+\.loadbalancer\.server\.port$/;

/** Labels, written as a map or as a list of `name=value`. */
function labelsAt(root: unknown, path: readonly PropertyKey[]): Label[] {
  const isList = Array.isArray(valueAt(root, path));
  return entriesAt(root, path).map(([key, value]) => {
    if (!isList) {
      return { path: [...path, key], name: key.toLowerCase(), value: String(value) };
    }
    const [name = "", ...rest] = String(value).split("=");
    return { path: [...path, Number(key)], name: name.toLowerCase(), value: rest.join("=") };
  });
}

function isEnabled(labels: readonly Label[]): boolean {
  return labels.some(
    ({ name, value }) => name === "traefik.enable" && /^(?:1|t|true)$/i.test(value),
  );
}

/** The services that ask to be reached through Traefik. */
export function routedServices(root: unknown): string[] {
  return entriesAt(root, ["services"])
    .map(([service]) => service)
    .filter((service) => isEnabled(labelsAt(root, ["services", service, "deploy", "labels"])));
}

/** The networks of a service, by their keys in the file. */
function networkKeys(root: unknown, service: string): string[] {
  const networks = valueAt(root, ["services", service, "networks"]);
  return Array.isArray(networks)
    ? networks.map(String)
    : entriesAt(networks, []).map(([key]) => key);
}

function isEdge(root: unknown, key: string): boolean {
  const network = valueAt(root, ["networks", key]);
  const name = valueAt(network, ["name"]) ?? key;
  return name === EDGE_NETWORK && valueAt(network, ["external"]) === true;
}

function networkFaults(root: unknown, service: string): ComposeFault[] {
  const keys = networkKeys(root, service);
  const message = `must hold ${EDGE_NETWORK}, since Traefik reaches a service with traefik.enable on that network alone; add it here, and to the file's networks as ${EDGE_NETWORK}: {external: true, name: ${EDGE_NETWORK}}`;
  const path = ["services", service, "networks"];
  return keys.some((key) => isEdge(root, key))
    ? []
    : [{ path, message, shown: keys.join(", ") || "nothing" }];
}

function portFaults(root: unknown, service: string): ComposeFault[] {
  const path = ["services", service, "deploy", "labels"];
  const message = `must tell the port that the service listens on, since a swarm does not tell it; add traefik.http.services.${service}.loadbalancer.server.port`;
  const known = labelsAt(root, path).some(({ name }) => PORT_LABEL.test(name));
  return known ? [] : [{ path, message, shown: "no such label" }];
}

function placeFaults(root: unknown, service: string): ComposeFault[] {
  const message =
    "must stand under deploy.labels, since Traefik reads a service's labels, not a container's; move it there";
  return labelsAt(root, ["services", service, "labels"])
    .filter(({ name }) => name.startsWith("traefik."))
    .map(({ path, name }) => ({ path, message, got: name }));
}

/** Labels for Traefik that would have no effect, or lead visitors nowhere. */
export function labelFaults(root: unknown): ComposeFault[] {
  return [
    ...entriesAt(root, ["services"]).flatMap(([service]) => placeFaults(root, service)),
    ...routedServices(root).flatMap((service) => [
      ...networkFaults(root, service),
      ...portFaults(root, service),
    ]),
  ];
}
