import { valueIn } from "../../../../components/lib/shell";
import { isSecret, type Registered } from "../../../support/deploy";
import { plan, threeManagers } from "../../../support/plan";

const ENTRY = { kind: "vrrp", address: "10.77.0.10", domain: "swarm.test" };
const machines = threeManagers().machines as Record<string, object>;
const worker1 = { role: "worker", address: "10.77.0.21" };
const WITH_ENTRY = { ...threeManagers(), entry: ENTRY, machines: { ...machines, worker1 } };

let registered: readonly Registered[] = [];

beforeAll(async () => {
  registered = await plan(WITH_ENTRY);
});

function step(name: string, all = registered): Registered {
  const found = all.find((one) => one.name === name);
  if (!found) {
    throw new Error(`${name} was not registered`);
  }
  return found;
}

const valueOf = (name: string, value: string, all = registered): string =>
  valueIn(String(step(name, all).inputs.stdin), value) ?? "none";

test("every manager is a candidate, in the order of the file, and no worker is", () => {
  const names = registered.map(({ name }) => name).filter((name) => name.endsWith("-vip"));
  expect(names).toEqual(["node1-vip", "node2-vip", "node3-vip"]);
  const priorities = names.map((name) => /priority (\d+)/.exec(valueOf(name, "CONF"))?.[1]);
  expect(priorities).toEqual(["250", "215", "180"]);
});

test("a candidate's peers are the other managers, for VRRP and for the look whether it is cut off", () => {
  const peers = valueOf("node2-vip", "CONF").match(/\S+(?= min_ttl)/g);
  expect(peers).toEqual(["10.77.0.11", "10.77.0.13"]);
  expect(valueOf("node2-vip", "CONF")).toContain("unicast_src_ip 10.77.0.12\n");
  expect(valueOf("node2-vip", "ADDRESS")).toBe("10.77.0.12");
  expect(valueIn(valueOf("node2-vip", "CHECK"), "PEERS")).toBe("10.77.0.11 10.77.0.13");
});

test("a candidate asks its own Traefik on the port that is kept for that", () => {
  const check = valueOf("node1-vip", "CHECK");
  expect([valueIn(check, "PING_HOST"), valueIn(check, "PING_PORT")]).toEqual(["127.0.0.1", "8082"]);
});

test("is undone when it is no longer wanted", () => {
  expect(step("node1-vip").inputs.delete).toBe("sudo bash -s -- delete");
});

test("the address is awaited on any live manager", () => {
  expect(valueOf("vip-held", "ADDRESS")).toBe("10.77.0.10");
  expect(step("vip-held").inputs.create).toMatch(/ swarmstead-dev sudo bash -s$/);
});

test("a preview shows every step", async () => {
  const preview = await plan(WITH_ENTRY, "dev", true);
  const steps = preview.filter(({ name }) => /-(vip|held)$/.test(name));
  expect(steps).toHaveLength(4);
  expect(steps.filter(({ inputs }) => isSecret(inputs.stdin))).toEqual([]);
});

test("another address or timing changes nothing of any check's line in keepalived's configuration", async () => {
  const entry = { ...ENTRY, address: "10.77.0.99", advertSeconds: 1, checkSeconds: 2 };
  const other = await plan({ ...WITH_ENTRY, entry });
  const line = (all: readonly Registered[]): unknown =>
    /script .*/.exec(valueOf("node1-vip", "CONF", all))?.[0];
  expect(line(other)).toBe(line(registered));
  expect(valueOf("node1-vip", "CONF", other)).toContain("10.77.0.99/32");
});

test("nodes speak VRRP among themselves and strangers reach the entry's ports, on machines with an entry alone", async () => {
  const firewall = (all: readonly Registered[]): string => valueOf("node1-base", "FIREWALL", all);
  expect(firewall(registered)).toContain("ip saddr @nodes ip protocol 112 accept\n");
  expect(firewall(registered)).toContain("elements = { 80, 443, 8080 }");
  const without = await plan(threeManagers());
  expect(firewall(without)).not.toContain("protocol 112");
  expect(firewall(without)).toContain("elements = { 8080 }");
});

test("managers need openssl, keepalived and ping", () => {
  const programs = valueOf("node1-contact", "PROGRAMS").split("\n");
  expect(programs).toEqual(["openssl openssl", "keepalived keepalived", "ping iputils-ping"]);
  expect(valueOf("worker1-contact", "PROGRAMS")).toBe("");
});
