import { createServer, type Server } from "node:http";

/** A service of a swarm that is not there, as far as Traefik asks for it. */
export interface FakeService {
  name: string;
  labels: Readonly<Record<string, string>>;
  /** Addresses of its replicas on the network edge. */
  replicas: readonly string[];
}

const NETWORK = { Id: "edge1", Name: "edge", Scope: "swarm", Driver: "overlay" };
const NODE = { ID: "node1", Status: { State: "ready", Addr: "127.0.0.1" } };

function answerTo(path: string, services: readonly FakeService[]): unknown {
  const [, kind] = /^(?:\/v1\.\d+)?\/([a-z_]+)/.exec(path) ?? [];
  switch (kind) {
    case "version":
      return { Version: "26.1.5", ApiVersion: "1.45", MinAPIVersion: "1.24" };
    case "services":
      return services.map(({ name, labels, replicas }) => ({
        ID: name,
        Spec: {
          Name: name,
          Labels: labels,
          Mode: { Replicated: { Replicas: replicas.length } },
          EndpointSpec: { Mode: "vip" },
        },
        Endpoint: { VirtualIPs: [{ NetworkID: NETWORK.Id, Addr: "127.0.1.1/8" }] },
      }));
    case "networks":
      return [NETWORK];
    case "nodes":
      return NODE;
    case "tasks": {
      const service = services.find(({ name }) => decodeURIComponent(path).includes(`"${name}"`));
      return (service?.replicas ?? []).map((address, at) => ({
        ID: `${String(service?.name)}${String(at + 1)}`,
        ServiceID: service?.name,
        Slot: at + 1,
        NodeID: NODE.ID,
        Status: { State: "running" },
        DesiredState: "running",
        NetworksAttachments: [
          {
            Network: { ID: NETWORK.Id, Spec: { Name: NETWORK.Name } },
            Addresses: [`${address}/8`],
          },
        ],
      }));
    }
    default:
      return undefined;
  }
}

/**
 * A Docker that answers what Traefik's swarm provider asks for, and nothing else.
 *
 * @param services are looked at anew for each call
 */
export function fakeSwarm(services: readonly FakeService[]): Server {
  return createServer(({ url = "" }, answer) => {
    answer.setHeader("Api-Version", "1.45");
    if (url === "/_ping") {
      answer.end("OK");
      return;
    }
    const body = answerTo(url, services);
    answer.statusCode = body === undefined ? 404 : 200;
    answer.setHeader("Content-Type", "application/json");
    answer.end(JSON.stringify(body ?? { message: "page not found" }));
  });
}
