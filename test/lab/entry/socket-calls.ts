import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { DOCKER_PATHS } from "../../support/docker-api";
import { isCampaign } from "../budget";
import type { LabStack } from "../lab-stack";

const SOCKET = "/run/swarmstead/socket-proxy/docker.sock";
const PROGRAM = join(__dirname, "ask-socket.py");

/** A call of Docker's API. */
export interface DockerCall {
  method: string;
  path: string;
}

export interface Reply extends DockerCall {
  status: number;
  /** Whether Docker's daemon has answered, rather than the proxy. */
  isDaemon: boolean;
}

/** Makes calls on a machine, as its root, through the socket that Traefik has. */
export async function callAll(
  lab: LabStack,
  machine: string,
  calls: readonly DockerCall[],
): Promise<Reply[]> {
  const program = readFileSync(PROGRAM, "utf8");
  const lines = calls.map(({ method, path }) => `${method} ${path}\n`).join("");
  const said = await lab.on(
    machine,
    `cat >/run/ask-socket.py <<'PYTHON'\n${program}\nPYTHON\npython3 /run/ask-socket.py ${SOCKET} <<'CALLS'\n${lines}CALLS`,
  );
  const replies = said.split("\n").map((line) => line.split(" ").map(Number));
  assert.equal(replies.length, calls.length);
  return calls.map((call, index) => {
    const [status = 0, isDaemon = 0] = replies[index] ?? [];
    return { ...call, status, isDaemon: isDaemon === 1 };
  });
}

/** What Traefik asks; `NODE` stands for a node's id. */
export const NEEDED = [
  "HEAD /_ping",
  "GET /_ping",
  "GET /VERSION/version",
  "GET /VERSION/services",
  "GET /VERSION/networks?filters=%7B%22scope%22%3A%5B%22swarm%22%5D%7D",
  "GET /VERSION/tasks?filters=%7B%22desired-state%22%3A%5B%22running%22%5D%7D",
  "GET /VERSION/nodes/NODE",
];

/** What may be read, and by no other method: a ping, and the lists that routes follow from. */
const MAY_BE_READ = [
  /^(GET|HEAD) (\/v1\.\d+)?\/_ping$/,
  /^GET (\/v1\.\d+)?\/(version|services|networks|tasks|nodes|nodes\/\w+)$/,
];

/** Statuses by which a proxy refuses; 0 where it ended the connection. */
export const REFUSALS = [0, 400, 403, 405];

/** The whole API, but for what may be read; in a campaign by every method, and under what looks like a version. */
export function refusedCalls(version: string): DockerCall[] {
  const own = `/v${version}`;
  const prefixes = [
    "",
    own,
    ...(isCampaign ? ["/v1.24", "/v9.99", "/V1.45", "/vx", `${own}/..`] : []),
  ];
  const methods = [
    "GET",
    "POST",
    "DELETE",
    ...(isCampaign ? ["HEAD", "PUT", "PATCH", "OPTIONS"] : []),
  ];
  return prefixes.flatMap((prefix) =>
    DOCKER_PATHS.flatMap((path) =>
      methods
        .map((method) => ({ method, path: `${prefix}${path}` }))
        .filter((call) => !MAY_BE_READ.some((rule) => rule.test(`${call.method} ${call.path}`))),
    ),
  );
}
