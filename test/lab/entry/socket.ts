import assert from "node:assert/strict";
import { ofCampaign, timed } from "../budget";
import type { LabStack } from "../lab-stack";
import { say } from "../say";
import { MACHINES } from "./environment";
import { newRoute } from "./routes";
import { callAll, NEEDED, REFUSALS, refusedCalls } from "./socket-calls";

/** Longer than the ten minutes after which connections without a word are ended. */
const IDLE_MINUTES = 11;

async function neededAnswers(lab: LabStack): Promise<void> {
  for (const machine of MACHINES) {
    const [version = "", node = ""] = (
      await lab.on(
        machine,
        "docker version --format '{{.Server.APIVersion}}'; docker info --format '{{.Swarm.NodeID}}'",
      )
    ).split("\n");
    const calls = NEEDED.map((line) => {
      const [method = "", path = ""] = line.split(" ");
      return { method, path: path.replace("VERSION", `v${version}`).replace("NODE", node) };
    });
    const replies = await callAll(lab, machine, calls);
    assert.deepEqual(
      replies.filter(({ status, isDaemon }) => status !== 200 || !isDaemon),
      [],
      machine,
    );
  }
}

async function restRefused(lab: LabStack): Promise<void> {
  const machine = MACHINES[0] ?? "";
  const version = await lab.on(machine, "docker version --format '{{.Server.APIVersion}}'");
  const calls = refusedCalls(version);
  const replies = await callAll(lab, machine, calls);
  assert.deepEqual(
    replies.filter(({ status, isDaemon }) => isDaemon || !REFUSALS.includes(status)),
    [],
  );
  say(`${String(calls.length)} calls are refused`);
}

/** A line `<image> <source of a mount>` for each mount of a socket, or of the folder of one, in any container. */
const SOCKET_MOUNTS = `
docker ps --quiet | xargs -r docker inspect --format '{{$image := .Config.Image}}{{range .Mounts}}{{println $image .Source}}{{end}}' |
  grep -E ' (/|/run|/var|/var/run|/run/swarmstead|.*/socket-proxy|.*docker\\.sock)/?$' | sort -u
ss -ltnH | awk '{ print "listens " $4 }' | grep -E ':237[56]$'
exit 0
`;

async function noOtherReaches(lab: LabStack): Promise<void> {
  for (const machine of MACHINES) {
    const lines = (await lab.on(machine, SOCKET_MOUNTS)).split("\n");
    const images = lines.map((line) => line.replace(/:.*/, ""));
    assert.deepEqual(
      images.filter((image) => !/^swarmstead\/(haproxy|traefik)$/.test(image)),
      [],
      `${machine}: ${lines.join("; ")}`,
    );
    const ofTraefik = lines.filter((line) => line.startsWith("swarmstead/traefik:"));
    assert.ok(ofTraefik.length > 0, lines.join("; "));
    assert.ok(
      ofTraefik.every((line) => line.includes("/socket-proxy")),
      ofTraefik.join("; "),
    );
  }
}

/** What the socket proxy lets through, and to whom. */
export function socketProxy(lab: LabStack): void {
  timed("the socket proxy: what Traefik asks is answered, on every machine", () =>
    neededAnswers(lab),
  );
  timed("the socket proxy: all else of Docker's API is refused", () => restRefused(lab));
  timed("the socket proxy: no container but Traefik's reaches it", () => noOtherReaches(lab));
  ofCampaign(
    `the socket proxy: after ${String(IDLE_MINUTES)} minutes without a change a new route appears`,
    async () => {
      await new Promise((resolve) => setTimeout(resolve, IDLE_MINUTES * 60_000));
      await newRoute(lab);
    },
  );
}
