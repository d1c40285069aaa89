import { EDGE_NETWORK } from "../compose/compose-labels";
import { SOCKET } from "../socket-proxy/socket-proxy-conf";
import { DYNAMIC_FOLDER } from "./traefik-conf";

/** TCP port of the ping and the metrics, on every manager; open to nobody outside. */
export const PING_PORT = 8082;

/** Where a manager asks its own Traefik whether it takes requests; 503 from the moment on that it is told to stop. */
export const PING_URL = `http://127.0.0.1:${String(PING_PORT)}/ping`;

/** How long Traefik still takes new requests once it was told to stop: the address has to be gone by then, in seconds. */
const ACCEPT_SECONDS = 5;
/** How long what is under way may take after that, in seconds. */
const FINISH_SECONDS = 10;

/** Longest stop, in seconds, with something left for its own end. */
export const STOP_SECONDS = 2 * (ACCEPT_SECONDS + FINISH_SECONDS);

/**
 * How long the whole of a request may take to arrive, in seconds. An upload of some 30 MB comes through by a line of 1 Mbit/s;
 * who sends a letter a minute does not hold a connection for ever.
 */
const READ_SECONDS = 300;

type Flag = readonly [name: string, value: string];

/** The same for each entry point: one that is gone while another still answers would be taken for a fault. */
function entryPoint(name: string, address: string, more: readonly Flag[] = []): Flag[] {
  const own: Flag[] = [
    ["address", address],
    ["transport.lifecycle.requestacceptgracetimeout", `${String(ACCEPT_SECONDS)}s`],
    ["transport.lifecycle.gracetimeout", `${String(FINISH_SECONDS)}s`],
    ["transport.respondingtimeouts.readtimeout", `${String(READ_SECONDS)}s`],
    ...more,
  ];
  return own.map(([flag, value]) => [`entrypoints.${name}.${flag}`, value]);
}

/** What the healthcheck has to be told as well, to find the ping. */
const OF_HEALTHCHECK: readonly string[] = ["ping", "ping.entrypoint", "entrypoints.ping.address"];

const FLAGS: readonly Flag[] = [
  ["global.checknewversion", "false"],
  ["global.sendanonymoususage", "false"],
  ["log.level", "INFO"],
  ["accesslog", "true"],
  ["accesslog.format", "json"],
  ["metrics.prometheus", "true"],
  ["metrics.prometheus.entrypoint", "ping"],
  ["ping", "true"],
  ["ping.entrypoint", "ping"],
  ["ping.terminatingstatuscode", "503"],
  ...entryPoint("ping", `:${String(PING_PORT)}`),
  ...entryPoint("web", ":80", [
    ["http.redirections.entrypoint.to", "websecure"],
    ["http.redirections.entrypoint.scheme", "https"],
    // Below every route of its own on port 80, like the one that answers a certificate authority.
    ["http.redirections.entrypoint.priority", "1"],
  ]),
  ...entryPoint("websecure", ":443", [
    // A route that names no entry point is on this one alone, never in the clear.
    ["asdefault", "true"],
    ["http.tls", "true"],
    ["http.middlewares", "hsts@file,retry@file"],
    ["http3", "true"],
  ]),
  ["providers.file.directory", DYNAMIC_FOLDER],
  ["providers.file.watch", "true"],
  ["providers.swarm.endpoint", `unix://${SOCKET}`],
  ["providers.swarm.exposedbydefault", "false"],
  ["providers.swarm.network", EDGE_NETWORK],
  // A task is told to end two seconds after the swarm has decided so (moby daemon/cluster/executor/container/controller.go,
  // defaultGossipConvergeDelay): by then it has been left out.
  ["providers.swarm.refreshseconds", "1"],
  // A proxy or a Docker that hangs is asked again, by a connection of its own.
  ["providers.swarm.httpclienttimeout", "30s"],
  // The same for what was found: two seconds by default.
  ["providers.providersthrottleduration", "500ms"],
  // Within one network. A replica whose machine has lost power says nothing; the next is asked.
  ["serverstransport.forwardingtimeouts.dialtimeout", "500ms"],
  // Shorter than any server's own, so that no request meets a connection that is being closed; and few connections lead to
  // a machine at the moment of its loss, each of which would swallow a request.
  ["serverstransport.forwardingtimeouts.idleconntimeout", "1s"],
];

const words = (flags: readonly Flag[]): string[] =>
  flags.map(([name, value]) => `--${name}=${value}`);

/**
 * Traefik's arguments. No entry point trusts what a visitor says of where he comes from (`forwardedheaders`), nor is there
 * an API or a dashboard: both are Traefik's own defaults.
 */
export function traefikFlags(): string[] {
  return words(FLAGS);
}

/** The command that asks a running Traefik whether it takes requests. */
export function healthcheckCommand(): string[] {
  return [
    "traefik",
    "healthcheck",
    ...words(FLAGS.filter(([name]) => OF_HEALTHCHECK.includes(name))),
  ];
}
