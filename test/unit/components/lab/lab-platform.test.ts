import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import * as pulumi from "@pulumi/pulumi";
import { LabPlatform } from "../../../../components/lab/lab-platform";
import { type Access, operatorKey } from "../../../../components/machine/access";
import { deploy, isSecret, type Registered, reveal } from "../../../support/deploy";

const PORTS = {
  node1: { "22": 20001, "8080": 20002 },
  node2: { "22": 20003, "8080": 20004 },
  visitor: { "22": 20005 },
};

const SEED = "ab".repeat(32);

let state: string;
let platform: LabPlatform | undefined;

function newState(): string {
  const folder = mkdtempSync(join(tmpdir(), "platform-"));
  mkdirSync(join(folder, "lab"));
  writeFileSync(join(folder, "lab", "ports.json"), JSON.stringify(PORTS));
  return folder;
}

beforeEach(() => {
  state = newState();
});

afterEach(() => {
  rmSync(state, { recursive: true });
  delete process.env.SWARMSTEAD_STATE;
});

function planLab(
  generation = 1,
  access: Access = { operatorKey: 1, operators: {} },
): Promise<Registered[]> {
  return deploy(() => {
    // In place of the empty folder that a plan is given.
    process.env.SWARMSTEAD_STATE = state;
    platform = new LabPlatform("lab", {
      stack: "dev",
      network: { cidr: "10.77.0.0/24", mtu: 1500 },
      openPorts: [8080],
      machines: {
        node1: { role: "manager", address: "10.77.0.11", labels: { disk: "ssd" }, generation },
        node2: { role: "worker", address: "10.77.0.12", labels: {}, generation: 1 },
      },
      memoryMiB: 3072,
      cpus: 2,
      diskGiB: 20,
      dataDiskGiB: 8,
      access,
      sshSeed: pulumi.secret(SEED),
    });
  });
}

function inputsOf(resources: readonly Registered[], name: string): Record<string, unknown> {
  const found = resources.find((resource) => resource.name === name);
  if (!found) {
    throw new Error(`${name} was not registered`);
  }
  return found.inputs;
}

const stdinOf = (resources: readonly Registered[], name: string): string =>
  reveal(inputsOf(resources, name).stdin) as string;

test("a network, a VM for each machine, and one for the visitor", async () => {
  const resources = await planLab();
  expect(resources.map(({ type, name }) => `${type} ${name}`)).toEqual([
    "swarmstead:lab:LabPlatform lab",
    "command:local:Command lab-network",
    "command:local:Command node1-vm",
    "command:local:Command node2-vm",
    "command:local:Command visitor-vm",
  ]);
});

test("a machine is what the environment says, reached by its own port", async () => {
  await planLab();
  expect(platform?.machines).toMatchObject([
    {
      name: "node1",
      role: "manager",
      privateIp: "10.77.0.11",
      labels: { disk: "ssd" },
      generation: 1,
      dataDevices: ["/dev/disk/by-id/virtio-data"],
      connection: { host: "127.0.0.1", port: 20001, user: "swarmstead" },
    },
    { name: "node2", role: "worker", connection: { port: 20003 } },
  ]);
});

test("the visitor is small, is outside the node network, and is no machine of the cluster", async () => {
  const resources = await planLab();
  expect(platform?.visitor).toMatchObject({
    name: "visitor",
    privateIp: "10.77.1.10",
    dataDevices: [],
    connection: { port: 20005 },
  });
  expect(platform?.machines.map(({ name }) => name)).not.toContain("visitor");
  const stdin = stdinOf(resources, "visitor-vm");
  expect(stdin).toContain("MEMORY_MIB='512'\n");
  expect(stdin).toContain("DATA_DISK_GIB='0'\n");
  expect(stdin).toContain("FORWARDS='20005:22'\n");
});

test("the text for a VM shows its size, addresses and ports, so that a preview does", async () => {
  const stdin = stdinOf(await planLab(), "node1-vm");
  for (const line of [
    "NAME='node1'",
    "ADDRESS='10.77.0.11'",
    "MEMORY_MIB='3072'",
    "CPUS='2'",
    "DISK_GIB='20'",
    "DATA_DISK_GIB='8'",
    "FORWARDS='20001:22 20002:8080'",
  ]) {
    expect(stdin.split("\n")).toContain(line);
  }
});

test("the host key travels as a secret of its own, and leaves the rest readable", async () => {
  const { stdin, environment } = inputsOf(await planLab(), "node1-vm");
  expect(isSecret(environment)).toBe(true);
  expect(JSON.stringify(environment)).toContain("BEGIN OPENSSH PRIVATE KEY");
  expect(isSecret(stdin)).toBe(false);
  expect(stdin).not.toContain("PRIVATE KEY-----");
});

test("no command line or text holds a path of this computer or a secret", async () => {
  for (const { name, type, inputs } of await planLab()) {
    if (type === "command:local:Command") {
      expect([inputs.create, inputs.delete].join(" ")).toMatch(
        name === "lab-network"
          ? /^bash -s -- network-create bash -s -- network-delete$/
          : /^bash -s -- create bash -s -- delete$/,
      );
      expect(reveal(inputs.stdin)).not.toContain(state);
    }
  }
});

test("a plan made elsewhere is the same to the byte", async () => {
  const here = await planLab();
  rmSync(state, { recursive: true });
  state = newState();
  expect(JSON.stringify(await planLab())).toBe(JSON.stringify(here));
});

test("a raised generation rebuilds that machine alone, with another host key", async () => {
  const before = await planLab(1);
  const keyBefore = await keyOf("node1");
  const after = await planLab(2);
  expect(inputsOf(after, "node1-vm").triggers).not.toEqual(inputsOf(before, "node1-vm").triggers);
  expect(await keyOf("node1")).not.toBe(keyBefore);
  for (const name of ["node2-vm", "visitor-vm", "lab-network"]) {
    expect(inputsOf(after, name)).toEqual(inputsOf(before, name));
  }
});

test("a raised operator key changes what the next first boot accepts, and rebuilds no machine", async () => {
  const before = await planLab();
  const after = await planLab(1, { operatorKey: 2, operators: { alice: "ssh-ed25519 AAAA" } });
  for (const name of ["node1-vm", "node2-vm", "visitor-vm"]) {
    const { environment, ...others } = inputsOf(after, name);
    const { environment: old, ...same } = inputsOf(before, name);
    expect(others).toEqual(same);
    const text = JSON.stringify(environment);
    for (const generation of [2, 3]) {
      expect(text).toContain(operatorKey(SEED, generation).publicKey);
    }
    expect(text).toContain("ssh-ed25519 AAAA alice");
    expect(text).not.toContain(operatorKey(SEED, 1).publicKey);
    expect(JSON.stringify(old)).toContain(operatorKey(SEED, 1).publicKey);
  }
});

function keyOf(name: string): Promise<string> {
  const machine = platform?.machines.find((candidate) => candidate.name === name);
  return new Promise((resolve) => {
    machine?.connection.hostKey.apply(resolve);
  });
}
