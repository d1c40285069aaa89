import assert from "node:assert/strict";
import { timed } from "./budget";
import type { LabStack } from "./lab-stack";

/** UDP ports that nodes talk by among themselves (requirement 2.3), and those that a host likes to have open. */
const UDP = [53, 68, 111, 123, 323, 4789, 5353, 7946];

const UNDECLARED = `services:
  hidden:
    image: swarmstead/whoami:1.0
    ports: ["9090:80", { target: 80, published: 9091, mode: host }]
    healthcheck: { test: ["CMD", "/whoami", "-healthcheck"], interval: 15s, start_period: 60s, start_interval: 2s }
`;

/** The ports of each address that nmap found in a state, from its output for programs. */
function portsIn(scan: string, state: string): Record<string, string[]> {
  const hosts = scan
    .split("\n")
    .filter((line) => line.startsWith("Host:") && line.includes("Ports:"));
  return Object.fromEntries(
    hosts.map((line) => {
      const address = /^Host: (\S+)/.exec(line)?.[1] ?? "";
      const ports = [...line.matchAll(/(\d+)\/([a-z|]+)\/([a-z]+)/g)];
      return [
        address,
        ports
          .filter(([, , found]) => found === state)
          .map(([, port, , kind]) => `${port ?? ""}/${kind ?? ""}`),
      ];
    }),
  );
}

const same = (addresses: readonly string[], ports: readonly string[]): Record<string, string[]> =>
  Object.fromEntries(addresses.map((address) => [address, [...ports]]));

/** What answers whom: scans from the visitor, from node to node, and from a container's side. */
export function strangers(lab: LabStack, addresses: readonly string[]): void {
  const all = addresses.join(" ");
  // Nothing is filtered away by a refusal that comes quickly, so a lost packet is asked for once more.
  const scan = "nmap -Pn -n -p- --min-rate 1500 --max-retries 1 -oG -";

  timed("a visitor gets an answer from the declared ports alone, on every machine", async () => {
    lab.write("apps/hidden/compose.yaml", UNDECLARED);
    lab.configure(["apps", "hidden"], {});
    await lab.must("up");
    // The port does answer where nothing stands in between: on the machine itself.
    await lab.on(
      "node1",
      "curl --silent --fail --max-time 10 http://127.0.0.1:9090/ | grep -q Hostname",
    );

    const tcp = await lab.on("visitor", `${scan} ${all}`);
    assert.deepEqual(portsIn(tcp, "open"), same(addresses, ["22/tcp", "8080/tcp"]), tcp);
    const udp = await lab.on(
      "visitor",
      `nmap -Pn -n -sU -p ${UDP.join(",")} --max-retries 2 -oG - ${all}`,
    );
    assert.deepEqual(portsIn(udp, "open"), same(addresses, []), udp);
    assert.deepEqual(portsIn(udp, "closed"), same(addresses, []), udp);
  });

  timed("between nodes answers only what is needed", async () => {
    const [, ...others] = addresses;
    // What runs on the node that scans has to go on meanwhile: a swarm that notices its absence moves the app.
    const tcp = await lab.on("node1", `nice ${scan} ${others.join(" ")}`);
    const open = portsIn(tcp, "open");
    for (const address of others) {
      assert.deepEqual(open[address], ["22/tcp", "2377/tcp", "7946/tcp", "8080/tcp"], tcp);
    }
    lab.configure(["apps", "hidden"], undefined);
    await lab.must("up");
  });
}
