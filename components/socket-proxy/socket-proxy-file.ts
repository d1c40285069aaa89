import { createHash } from "node:crypto";
import { onEveryManager, ownCompose } from "../compose/own-compose";
import { OWN_IMAGES_SOURCE } from "../lib/images";
import type { StackFile } from "../stack/stack";
import {
  CLIENT_ID,
  HAPROXY_CFG,
  renderHaproxyCfg,
  SOCKET,
  SOCKET_FOLDER,
} from "./socket-proxy-conf";

const CFG_INSIDE = "/etc/haproxy/haproxy.cfg";

/** Asks by the socket as Traefik does. Every image made of Debian has Perl, and none has curl. */
const CHECK = [
  "use IO::Socket::UNIX; alarm 8;",
  `my $proxy = IO::Socket::UNIX->new(Peer => "${SOCKET}") or exit 1;`,
  'print $proxy "GET /_ping HTTP/1.1\\r\\nHost: docker\\r\\nConnection: close\\r\\n\\r\\n";',
  "exit(<$proxy> =~ m{^HTTP/1\\.1 200} ? 0 : 1);",
].join(" ");

/**
 * HAProxy on every manager, with Docker's socket and nothing else.
 *
 * It is root without any capability: that is who Docker's socket belongs to. Its group is Traefik's, and so is that of the
 * socket that it makes. A swarm gives every service a network; this one leads nowhere.
 *
 * @param image HAProxy's, 3.0 or newer, made of Debian
 */
export function socketProxyFile(image: string): StackFile {
  const { text, needs } = ownCompose("socket-proxy", {
    services: {
      haproxy: {
        image,
        command: ["haproxy", "-f", CFG_INSIDE],
        user: `0:${String(CLIENT_ID)}`,
        cap_drop: ["ALL"],
        read_only: true,
        // The file is on the machines; what it holds is part of the service, so that a change of it is a new container.
        environment: {
          CONFIG_SHA256: createHash("sha256").update(renderHaproxyCfg()).digest("hex"),
        },
        volumes: [
          { type: "bind", source: HAPROXY_CFG, target: CFG_INSIDE, read_only: true },
          { type: "bind", source: "/run/docker.sock", target: "/run/docker.sock", read_only: true },
          { type: "bind", source: SOCKET_FOLDER, target: SOCKET_FOLDER },
        ],
        networks: ["nowhere"],
        // What is under way is lost and asked again; waiting for it would only keep the next one waiting.
        stop_signal: "SIGTERM",
        healthcheck: {
          test: ["CMD", "perl", "-e", CHECK],
          interval: "30s",
          timeout: "15s",
          retries: 4,
          start_period: "60s",
          start_interval: "2s",
        },
        deploy: onEveryManager({ memory: "64M", monitor: "10s" }),
      },
    },
    networks: { nowhere: { internal: true } },
  });
  return { text, needs, source: OWN_IMAGES_SOURCE };
}
