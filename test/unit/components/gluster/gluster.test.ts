import { brickUuid, peerUuid } from "../../../../components/gluster/gluster-ids";
import { valueIn } from "../../../../components/lib/shell";
import { isSecret, type Registered } from "../../../support/deploy";
import { plan, threeManagers } from "../../../support/plan";

const MANAGERS = ["node1", "node2", "node3"];
const DISK = "/dev/disk/by-id/virtio-data";
/** What the mock gives as the stack's seed. */
const SEED = `secret-of-seed-${"5a".repeat(24)}`;

const machines = threeManagers().machines as Record<string, object>;
const GLUSTER = { ...threeManagers(), storage: { kind: "gluster" } };
const worker1 = { role: "worker", address: "10.77.0.21" };
const WITH_WORKER = { ...GLUSTER, machines: { ...machines, worker1 } };

let registered: readonly Registered[] = [];

beforeAll(async () => {
  registered = await plan(WITH_WORKER);
});

/** A value that a step reads. */
function valueOf(step: string, name: string, all = registered): string {
  const found = all.find((one) => one.name === step);
  return valueIn(String(found?.inputs.stdin), name) ?? "none";
}

test("every manager's peers are the two others, by the ids that those have", () => {
  const address = (name: string): string => `10.77.0.1${name.slice(-1)}`;
  for (const name of MANAGERS) {
    expect(valueOf(`${name}-glusterd`, "PEER")).toBe(peerUuid(SEED, name));
    const others = MANAGERS.filter((other) => other !== name);
    expect(valueOf(`${name}-glusterd`, "PEERS").split("\n")).toEqual(
      others.map((other) => `${peerUuid(SEED, other)} ${address(other)}`),
    );
  }
});

test("a rebuilt machine is the same peer, with another disk", async () => {
  const node2 = { ...machines.node2, generation: 2 };
  const rebuilt = await plan({ ...GLUSTER, machines: { ...machines, node2 } });
  expect(valueOf("node2-glusterd", "PEER", rebuilt)).toBe(peerUuid(SEED, "node2"));
  expect(valueOf("node2-brick", "DISK", rebuilt)).toBe(
    `${DISK} ${brickUuid(SEED, "node2", 2, DISK)}`,
  );
  expect(valueOf("node2-brick", "DISK")).toBe(`${DISK} ${brickUuid(SEED, "node2", 1, DISK)}`);
});

test("ids of a seed never change: volumes that are there were given them", () => {
  const seed = "0123456789abcdef".repeat(4);
  expect(peerUuid(seed, "node1")).toBe("4726a176-7952-4320-aef0-3413d0f9f25e");
  expect(brickUuid(seed, "node2", 1, DISK)).toBe("e4345f9a-acc7-4033-a190-43dec6c4997b");
});

test("the volume lies on the managers, and every machine may mount it", () => {
  const bricks = MANAGERS.map((name) => `10.77.0.1${name.slice(-1)}:/srv/gluster/brick`);
  expect(valueOf("gluster-settings", "BRICKS").split("\n")).toEqual(bricks);
  expect(valueOf("gluster-settings", "OPTIONS")).toContain(
    "\nauth.allow 10.77.0.11,10.77.0.12,10.77.0.13,10.77.0.21",
  );
  expect(valueOf("gluster-volume", "MAP")).toBe(
    "node1 10.77.0.11\nnode2 10.77.0.12\nnode3 10.77.0.13",
  );
});

test("a worker only mounts, and needs no server's programs", () => {
  const own = registered.map(({ name }) => name).filter((name) => name.startsWith("worker1-"));
  expect(own.filter((name) => /brick|glusterd|copy|storage/.test(name))).toEqual([
    "worker1-storage",
  ]);
  expect(valueOf("worker1-contact", "PROGRAMS")).toBe("mount.glusterfs glusterfs-client");
  expect(valueOf("node1-contact", "PROGRAMS").split("\n").sort()).toEqual([
    "glusterd glusterfs-server",
    "mkfs.xfs xfsprogs",
    "mount.glusterfs glusterfs-client",
  ]);
});

test("a manager's disk is looked at first, as the one that it will be; a worker's is its own", () => {
  expect(valueOf("node2-contact", "DISKS")).toBe(valueOf("node2-brick", "DISK"));
  expect(valueOf("worker1-contact", "DISKS")).toBe("");
});

test("erases only what is listed", async () => {
  const storage = { kind: "gluster", wipe: ["virtio-data"] };
  const erasing = await plan({ ...GLUSTER, storage });
  for (const step of ["node1-contact", "node1-brick"]) {
    expect(valueOf(step, "WIPE", erasing)).toBe("virtio-data");
  }
  expect(valueOf("node1-brick", "WIPE")).toBe("");
});

test("a preview shows every step, and none shows the seed", async () => {
  const preview = await plan(GLUSTER, "dev", true);
  const steps = preview.filter(({ name }) => /-(brick|glusterd|copy|volume|settings)$/.test(name));
  expect(steps.filter(({ inputs }) => isSecret(inputs.stdin)).map(({ name }) => name)).toEqual([]);
  expect(JSON.stringify(steps)).not.toContain(SEED);
});

test("nodes reach GlusterFS's ports of each other", () => {
  for (const { inputs } of registered.filter(({ name }) => name.endsWith("-base"))) {
    expect(inputs.stdin).toContain(
      "ip saddr @nodes tcp dport { 2377, 7946, 24007, 49152-49160 } accept\n",
    );
  }
});
