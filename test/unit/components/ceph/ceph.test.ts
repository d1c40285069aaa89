import { cephEntities } from "../../../../components/ceph/ceph-keys";
import { cephFsid, cephxKey, osdUuid } from "../../../../components/ceph/cephx";
import { valueIn } from "../../../../components/lib/shell";
import { isSecret, type Registered } from "../../../support/deploy";
import { plan, threeManagers } from "../../../support/plan";
import { drawTree } from "../../../support/tree";

const MANAGERS = ["node1", "node2", "node3"];
const DISK = "/dev/disk/by-id/virtio-data";
/** What the mock gives as the stack's seed. */
const SEED = `secret-of-seed-${"5a".repeat(24)}`;
const KEYS = [
  ...Object.values(cephEntities(SEED, MANAGERS)).map(({ key }) => key),
  ...["mon.", ...MANAGERS.map((name) => `osd:${name}`)].map((entity) => cephxKey(SEED, entity)),
];

const machines = threeManagers().machines as Record<string, object>;
const CEPH = { ...threeManagers(), storage: { kind: "ceph" } };
const worker1 = { role: "worker", address: "10.77.0.21" };
const WITH_WORKER = { ...CEPH, machines: { ...machines, worker1 } };

let managersOnly: readonly Registered[] = [];
let withWorker: readonly Registered[] = [];
/** The resources of the plan with a worker, and what they are told to wait for. */
let tree = "";

beforeAll(async () => {
  managersOnly = await plan(CEPH);
  tree = await drawTree(async () => {
    withWorker = await plan(WITH_WORKER);
  });
});

const json = (value: unknown): string => JSON.stringify(value);

function resource(registered: readonly Registered[], step: string): Registered {
  const found = registered.find(({ name }) => name === step);
  return found ?? { type: "", name: "none", inputs: {} };
}

/** A value that a step reads. */
function valueOf(registered: readonly Registered[], step: string, name: string): string {
  return valueIn(String(resource(registered, step).inputs.stdin), name) ?? "none";
}

/** Which of Ceph's keys are in a text, also where it is base64 in part. */
function keysIn(text: string): string[] {
  const decoded = text.match(/[A-Za-z0-9+/]{40,}=*/g) ?? [];
  const all = [text, ...decoded.map((word) => Buffer.from(word, "base64").toString("latin1"))];
  return KEYS.filter((key) => all.some((one) => one.includes(key)));
}

describe("Ceph's keys", () => {
  test("are in what is marked as secret, and in nothing else", () => {
    const holders = withWorker.filter(({ inputs }) => keysIn(json(inputs)).length > 0);
    expect(holders.map(({ name }) => name).sort()).toEqual([
      "ceph-entities",
      ...MANAGERS.map((name) => `${name}-keys`),
      "worker1-keys",
    ]);
    expect(new Set(holders.flatMap(({ inputs }) => keysIn(json(inputs))))).toEqual(new Set(KEYS));
    for (const { type, name, inputs } of withWorker) {
      const plain = JSON.stringify(inputs, (_, value: unknown) => (isSecret(value) ? "" : value));
      expect([type, name, keysIn(plain), plain.includes(SEED)]).toEqual([type, name, [], false]);
    }
  });

  test("go to a worker as the mount's alone, and to a manager without any other's", () => {
    const keysOf = (step: string): string[] => keysIn(json(resource(withWorker, step).inputs));
    expect(keysOf("worker1-keys")).toEqual([cephxKey(SEED, "client.swarm")]);
    const own = ["client.admin", "client.swarm", "mgr.node2", "mds.node2", "mon.", "osd:node2"];
    expect(keysOf("node2-keys")).toEqual(own.map((entity) => cephxKey(SEED, entity)));
  });
});

test("a preview shows every step but those with keys", async () => {
  const registered = await plan(CEPH, "dev", true);
  const hidden = registered.filter(({ inputs }) => isSecret(inputs.stdin)).map(({ name }) => name);
  expect(hidden.sort()).toEqual(["ceph-entities", ...MANAGERS.map((name) => `${name}-keys`)]);
  const shown = (step: string): unknown => resource(registered, step).inputs.stdin;
  expect(shown("ceph-settings")).toContain('["osd","osd_memory_target","1073741824"]');
  expect(shown("node2-daemons")).toContain(`DISKS='${DISK} ${osdUuid(SEED, "node2", 1, DISK)}'\n`);
  expect(shown("node1-ceph")).toContain(`fsid = ${cephFsid(SEED)}\n`);
  expect(shown("node1-storage")).toContain(`swarm@${cephFsid(SEED)}.data=/ /var/data`);
});

describe("the plan", () => {
  test("is the same to the byte at another time", async () => {
    expect(json(await plan(CEPH))).toBe(json(managersOnly));
  });

  test("has nothing but the worker's own resources anew for a worker", () => {
    const own = withWorker.filter(({ name }) => /^worker1(-|$)/.test(name));
    const steps = own
      .map(({ name }) => name)
      .filter((name) => /ceph|keys|storage|daemons|monitor/.test(name));
    expect(steps.sort()).toEqual(["worker1-ceph", "worker1-keys", "worker1-storage"]);
    const others = withWorker.filter((one) => !own.includes(one));
    expect(others.map(json).sort()).toEqual(managersOnly.map(json).sort());
  });

  test("erases only what is listed, and gives a rebuilt machine's disk another id", async () => {
    const node2 = { ...machines.node2, generation: 2 };
    const storage = { kind: "ceph", wipe: ["virtio-data"] };
    const registered = await plan({ ...CEPH, machines: { ...machines, node2 }, storage });
    for (const step of ["contact", "daemons"]) {
      expect(valueOf(registered, `node1-${step}`, "WIPE")).toBe("virtio-data");
      expect(valueOf(registered, `node2-${step}`, "DISKS")).toBe(
        `${DISK} ${osdUuid(SEED, "node2", 2, DISK)}`,
      );
      expect(valueOf(managersOnly, `node1-${step}`, "WIPE")).toBe("");
    }
  });

  test("has the first contact look at a manager's disks and memory, and at none of a worker's", () => {
    const asked = (machine: string): string[] =>
      ["DISKS", "MEMORY_MIB", "PROGRAMS"].map((name) =>
        valueOf(withWorker, `${machine}-contact`, name),
      );
    expect(asked("node3")).toEqual([
      `${DISK} ${osdUuid(SEED, "node3", 1, DISK)}`,
      "2816",
      "mount.ceph ceph-common\nceph-bluestore-tool ceph-osd",
    ]);
    expect(asked("worker1")).toEqual(["", "0", "mount.ceph ceph-common"]);
    const text = (machine: string): string =>
      String(resource(withWorker, `${machine}-contact`).inputs.stdin);
    expect(text("node3")).toContain("\nis_ours() {\n");
    expect(text("worker1")).not.toContain("\nis_ours() {\n");
  });

  test("changes nothing on any machine before each has answered", () => {
    const contacts = ["node1", "node2", "node3", "worker1"].map((name) => `${name}-contact`);
    for (const step of ["node1-access", "node1-base", "worker1-access", "worker1-base"]) {
      expect(new RegExp(` ${step} {2}<- (.*)`).exec(tree)?.[1]?.split(", ")).toEqual(contacts);
    }
  });

  test("tells every manager's monitor the same map", () => {
    const map = "node1 10.77.0.11\nnode2 10.77.0.12\nnode3 10.77.0.13";
    for (const name of MANAGERS) {
      const told = ["NAME", "FSID", "MAP"].map((value) =>
        valueOf(withWorker, `${name}-monitor`, value),
      );
      expect(told).toEqual([name, cephFsid(SEED), map]);
    }
  });

  test.each([
    ["node3", " ceph-mon.target ceph-mgr.target ceph-osd.target ceph-mds.target"],
    ["worker1", ""],
  ])("mounts on %s by all monitors, behind its own daemons where it has some", (name, after) => {
    expect(valueOf(withWorker, `${name}-storage`, "UNIT")).toContain(
      `\nAfter=network-online.target${after}\n`,
    );
    expect(valueOf(withWorker, `${name}-storage`, "PROGRAM")).toContain(
      "mount -t ceph -o mon_addr=10.77.0.11:3300/10.77.0.12:3300/10.77.0.13:3300,secretfile=/etc/ceph/swarm.secret,",
    );
  });

  test("makes monitors one after the other, and mounts a machine once all daemons run", () => {
    const waits = (step: string): string[] =>
      new RegExp(` ${step} {2}<- (.*)`).exec(tree)?.[1]?.split(", ").sort() ?? [];
    const of = (step: string): string[] => MANAGERS.map((name) => `${name}-${step}`);
    const prepared = [...of("ceph"), ...of("keys")].sort();
    expect(waits("node1-monitor")).toEqual(prepared);
    expect(waits("node3-monitor")).toEqual([...prepared, "node1-monitor", "node2-monitor"].sort());
    expect(waits("ceph-entities")).toEqual(of("monitor"));
    expect(waits("worker1-storage")).toEqual([...of("daemons"), "worker1-ceph", "worker1-keys"]);
  });
});

const LOCAL = {
  ...threeManagers(),
  machines: { node1: machines.node1 },
  storage: { kind: "local" },
};

test.each<[string, () => Promise<readonly Registered[]>, string]>([
  ["ceph", () => Promise.resolve(withWorker), "{ 2377, 7946, 3300, 6789, 6800-7568 }"],
  ["no storage", () => plan(threeManagers()), "{ 2377, 7946 }"],
  ["a local folder", () => plan(LOCAL), "{ 2377, 7946 }"],
])("with %s nodes reach these ports of each other", async (_, registered, ports) => {
  const steps = (await registered()).filter(({ name }) => name.endsWith("-base"));
  expect(steps.length).toBeGreaterThan(0);
  for (const { inputs } of steps) {
    expect(inputs.stdin).toContain(`ip saddr @nodes tcp dport ${ports} accept\n`);
  }
});
