/** Host folder that holds the socket and nothing else; made at every boot. */
export const SOCKET_FOLDER = "/run/swarmstead/socket-proxy";

/** The socket by which Traefik asks Docker. */
export const SOCKET = `${SOCKET_FOLDER}/docker.sock`;

/** Number of the user and of the group that may ask: Traefik's. No machine gives it to anybody of its own. */
export const CLIENT_ID = 65_532;

/** HAProxy's configuration on each manager. */
export const HAPROXY_CFG = "/etc/swarmstead/entry/haproxy.cfg";

/** Docker's own socket. */
const DOCKER_SOCKET = "/run/docker.sock";

/** What may stand before a path: the version of the API. */
const VERSION = "(/v1\\.[0-9]{1,3})?";

/** What Traefik's swarm provider asks for (traefik/traefik pkg/provider/docker/pswarm.go), and the list of nodes. */
const FACTS = "version|services|networks|tasks|nodes(/[a-z0-9]+)?";

/**
 * What of that hardly ever changes, but is asked for each time anew: a node for every task, and the version, for which Docker runs
 * two programs (moby daemon/info_unix.go, fillPlatformVersion).
 */
const LASTING = "version|nodes/[a-z0-9]+";
/** How long such an answer is given again, in seconds. */
const LASTING_SECONDS = 60;

/** Longer than any pause of a client that asks every few seconds; one that was idle for longer dials again. */
const IDLE = "1h";

/**
 * HAProxy's configuration: what of Docker's API may be asked for; everything else is refused with 403.
 *
 * A path is compared as it was sent, from its first letter to its last. So there is no way to write another one that
 * Docker would take for an allowed path, nor the other way round: nothing is decoded, and a path with `%`, `..` or `//`
 * matches nothing.
 *
 * @see https://docs.haproxy.org/3.0/configuration.html
 */
export function renderHaproxyCfg(): string {
  return `# Written by swarmstead: what of Docker's API Traefik may ask for. Everything else is refused.
global
  log stdout format raw local0
  maxconn 64
  nbthread 1

defaults
  mode http
  log global
  option httplog
  # It is asked several times a second; what is refused or fails is told.
  option dontlog-normal
  timeout http-request 10s
  timeout http-keep-alive ${IDLE}
  timeout client ${IDLE}
  timeout connect 5s
  # Docker itself gives up earlier where the managers have no quorum.
  timeout server 60s

cache lasting
  total-max-size 1
  max-object-size 65536
  max-age ${String(LASTING_SECONDS)}

frontend traefik
  bind unix@${SOCKET} mode 660 proto h1
  acl is_path url -m beg /
  acl is_get method GET
  acl is_get_or_head method GET HEAD
  acl is_ping path -m reg '^${VERSION}/_ping$'
  acl is_fact path -m reg '^${VERSION}/(${FACTS})$'
  http-request deny unless is_path is_ping is_get_or_head or is_path is_fact is_get
  acl is_lasting path -m reg '^${VERSION}/(${LASTING})$'
  http-request set-var(txn.lasting) bool(true) if is_lasting
  http-request cache-use lasting if is_lasting
  http-response set-header Cache-Control max-age=${String(LASTING_SECONDS)} if { var(txn.lasting) -m bool }
  http-response cache-store lasting if { var(txn.lasting) -m bool }
  default_backend docker

backend docker
  server docker unix@${DOCKER_SOCKET}
`;
}
