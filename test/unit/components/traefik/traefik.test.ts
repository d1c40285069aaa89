import { valueIn } from "../../../../components/lib/shell";
import { SocketProxy } from "../../../../components/socket-proxy/socket-proxy";
import { authorityKey } from "../../../../components/traefik/local-authority";
import { Traefik } from "../../../../components/traefik/traefik";
import { deploy, isSecret, type Registered, reveal } from "../../../support/deploy";
import { machineNamed, stackContext } from "../../../support/own-stacks";
import { drawTree } from "../../../support/tree";

const SEED = "0123456789abcdef".repeat(4);

function entry(hosts: readonly string[]): Promise<Registered[]> {
  return deploy(() => {
    const stacks = stackContext(SEED);
    const managers = ["10.77.0.11", "10.77.0.12"].map((address, at) =>
      machineNamed(`node${String(at + 1)}`, address),
    );
    const proxy = new SocketProxy("socket-proxy", { managers, image: "haproxy:3", stacks });
    new Traefik("traefik", { managers, image: "traefik:3", hosts, stacks }, { dependsOn: proxy });
  });
}

/** A value that a step reads. */
function valueOf(all: readonly Registered[], step: string, name: string): string | undefined {
  const found = all.find((one) => one.name === step);
  return valueIn(String(reveal(found?.inputs.stdin)), name);
}

test("every machine has its files before a stack that needs them is deployed", async () => {
  const tree = await drawTree(() => entry(["blog.swarm.test"]));
  expect(tree.split("\n").filter((line) => /socket-proxy|traefik/.test(line))).toEqual([
    "swarmstead:socket-proxy:SocketProxy socket-proxy",
    "  command:remote:Command node1-socket-proxy",
    "  command:remote:Command node2-socket-proxy",
    "  swarmstead:stack:Stack socket-proxy  <- node1-socket-proxy, node2-socket-proxy",
    "    command:local:Command socket-proxy-stack",
    "    command:local:Command socket-proxy-deploy  <- socket-proxy-stack",
    "swarmstead:traefik:Traefik traefik  <- socket-proxy",
    "  command:remote:Command node1-traefik",
    "  command:remote:Command node1-certificates  <- node1-traefik",
    "  command:remote:Command node2-traefik",
    "  command:remote:Command node2-certificates  <- node2-traefik",
    "  swarmstead:stack:Stack traefik  <- node1-certificates, node2-certificates",
    "    command:local:Command traefik-stack",
    "    command:local:Command traefik-deploy  <- traefik-stack",
  ]);
});

test("every manager issues certificates of the authority that follows from the seed, for the same names", async () => {
  const all = await entry(["blog.swarm.test", "a.example.test", "blog.swarm.test"]);
  const { privateKey, publicKey } = authorityKey(SEED);
  for (const node of ["node1", "node2"]) {
    const step = `${node}-certificates`;
    expect(valueOf(all, step, "AUTHORITY_KEY")).toBe(privateKey);
    expect(valueOf(all, step, "AUTHORITY_PUBLIC")).toBe(publicKey);
    expect(valueOf(all, step, "AUTHORITY")).toBe("swarmstead-dev");
    expect(valueOf(all, step, "NAMES")).toBe("a.example.test blog.swarm.test");
  }
});

test("the authority's key is in no step but those that are secret as a whole", async () => {
  const all = await entry(["blog.swarm.test"]);
  const secret = all.filter(({ inputs }) => isSecret(inputs.stdin)).map(({ name }) => name);
  expect(secret).toEqual(["node1-certificates", "node2-certificates"]);
  const plain = all.filter(({ name }) => !secret.includes(name));
  expect(JSON.stringify(plain)).not.toContain("PRIVATE KEY");
});

test("the order of names changes no step", async () => {
  const stdin = async (hosts: readonly string[]): Promise<unknown[]> =>
    (await entry(hosts)).map(({ inputs }) => reveal(inputs.stdin));
  expect(await stdin(["b.test", "a.test"])).toEqual(await stdin(["a.test", "b.test"]));
});

test("an image is named with the place where it is corrected", async () => {
  const all = await entry([]);
  expect(valueOf(all, "traefik-deploy", "COMPOSE")).toContain('image: "traefik:3"');
  expect(valueOf(all, "traefik-deploy", "SOURCE")).toBe("components/lib/images.ts");
});
