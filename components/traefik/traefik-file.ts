import { EDGE_NETWORK } from "../compose/compose-labels";
import { onEveryManager, ownCompose } from "../compose/own-compose";
import { OWN_IMAGES_SOURCE } from "../lib/images";
import { CLIENT_ID, SOCKET_FOLDER } from "../socket-proxy/socket-proxy-conf";
import type { StackFile } from "../stack/stack";
import { CERTIFICATES, DYNAMIC_FOLDER } from "./traefik-conf";
import { healthcheckCommand, PING_PORT, STOP_SECONDS, traefikFlags } from "./traefik-flags";

/** Between the managers of an update: longer than the address needs to come to rest on one that has just been updated. */
const UPDATE_DELAY = "15s";

/** A port in host mode: the routing mesh would hide whose address a request comes from (moby#25526). */
function port(
  number: number,
  protocol: string,
): {
  target: number;
  published: number;
  protocol: string;
  mode: string;
} {
  return { target: number, published: number, protocol, mode: "host" };
}

/** A host folder that Traefik reads. */
function folder(path: string): {
  type: string;
  source: string;
  target: string;
  read_only: boolean;
} {
  return { type: "bind", source: path, target: path, read_only: true };
}

/**
 * Traefik on every manager, with nothing of the shared storage: HTTPS answers where that has stalled.
 *
 * @param image Traefik's, 3.6.1 or newer
 */
export function traefikFile(image: string): StackFile {
  const { text, needs } = ownCompose("traefik", {
    services: {
      traefik: {
        image,
        command: traefikFlags(),
        // A group of its own number, for the socket and the private key. Docker lets every user of a container have low ports.
        user: `${String(CLIENT_ID)}:${String(CLIENT_ID)}`,
        cap_drop: ["ALL"],
        read_only: true,
        tmpfs: ["/tmp"],
        ports: [port(80, "tcp"), port(443, "tcp"), port(443, "udp"), port(PING_PORT, "tcp")],
        volumes: [folder(CERTIFICATES), folder(DYNAMIC_FOLDER), folder(SOCKET_FOLDER)],
        networks: ["edge"],
        stop_grace_period: `${String(STOP_SECONDS)}s`,
        healthcheck: {
          test: ["CMD", ...healthcheckCommand()],
          interval: "20s",
          timeout: "15s",
          retries: 3,
          start_period: "120s",
          start_interval: "3s",
        },
        deploy: onEveryManager({ memory: "512M", monitor: "15s", delay: UPDATE_DELAY }),
      },
    },
    networks: { edge: { external: true, name: EDGE_NETWORK } },
  });
  return { text, needs, source: OWN_IMAGES_SOURCE };
}
