import type { Deployment } from "@pulumi/pulumi/automation";
import type { Engine } from "../../../ops/engine";
import { listSteps, runStep, urnsOfMachines } from "../../../ops/stored-steps";

const HOST = "urn:pulumi:dev::swarmstead::swarmstead:host:Host";
const LAB = "urn:pulumi:dev::swarmstead::swarmstead:lab:Lab";
const REMOTE = "command:remote:Command";
const LOCAL = "command:local:Command";

function deployment(resources: unknown[]): Deployment {
  return { version: 3, deployment: { resources } };
}

describe("listSteps", () => {
  test("reads a step whose text is secret, as an export shows it", () => {
    const secret = { "4dabf18193072939515e22adb298388d": "1b47", plaintext: '"one\\ntwo"' };
    const steps = listSteps(
      deployment([
        {
          urn: `${HOST}$${REMOTE}::node1-keys`,
          type: REMOTE,
          inputs: { create: "sudo bash -s", stdin: secret },
        },
      ]),
      ["node1"],
    );
    expect(steps.map(({ stdin, onMachine }) => [stdin, onMachine])).toEqual([
      ["one\ntwo", "one\ntwo"],
    ]);
  });

  test("lists the steps on machines and on this computer, in the order of the state", () => {
    const steps = listSteps(
      deployment([
        { urn: `${HOST}::node1`, type: "swarmstead:host:Host" },
        {
          urn: `${HOST}$${REMOTE}::my-node-base`,
          type: REMOTE,
          inputs: { create: "sudo bash -s", stdin: "one", connection: { host: "127.0.0.1" } },
        },
        {
          urn: `urn:pulumi:dev::swarmstead::swarmstead:swarm:Swarm$${LOCAL}::node1-member`,
          type: LOCAL,
          inputs: { create: "bash -s", stdin: "two" },
        },
        {
          urn: `urn:pulumi:dev::swarmstead::swarmstead:stack:Stack$${LOCAL}::node1-deploy`,
          type: LOCAL,
          inputs: { create: "ssh x sudo bash -s", stdin: "three" },
        },
        {
          urn: `urn:pulumi:dev::swarmstead::swarmstead:swarm:Swarm$${LOCAL}::node1-labels`,
          type: LOCAL,
          inputs: { create: "ssh x sudo bash -s", stdin: "four" },
        },
      ]),
      ["node1", "my-node"],
    );
    expect(steps).toEqual([
      {
        name: "my-node-base",
        runsOn: "machine",
        machine: "my-node",
        command: "sudo bash -s",
        stdin: "one",
        onMachine: "one",
      },
      {
        name: "node1-member",
        runsOn: "computer",
        machine: "node1",
        command: "bash -s",
        stdin: "two",
      },
      { name: "node1-deploy", runsOn: "manager", command: "ssh x sudo bash -s", stdin: "three" },
      {
        name: "node1-labels",
        runsOn: "manager",
        machine: "node1",
        command: "ssh x sudo bash -s",
        stdin: "four",
      },
    ]);
  });

  test("gives a step that goes by SSH to its machine, also where the config has none of its name", () => {
    const inputs = { create: "sudo bash -s", stdin: "one" };
    const urn = `urn:pulumi:dev::swarmstead::${REMOTE}::visitor-access`;
    expect(listSteps(deployment([{ urn, type: REMOTE, inputs }]), ["node1"])).toMatchObject([
      { name: "visitor-access", runsOn: "machine", machine: "visitor" },
    ]);
  });

  test("never runs on this computer what belongs on a machine", async () => {
    const engine = { workDir: "/", env: {} } as Engine;
    const step = { name: "lost", runsOn: "machine", command: "echo here", stdin: "x" } as const;
    await expect(runStep(engine, "/dev/null", step)).rejects.toThrow(/^lost: exit code 255\n/);
  });

  test("leaves out the lab's own VMs, what has no command, and what is no step", () => {
    const inputs = { create: "bash -s", stdin: "x" };
    expect(
      listSteps(
        deployment([
          { urn: `${LAB}$${LOCAL}::node1-vm`, type: LOCAL, inputs },
          { urn: `${HOST}$${LOCAL}::node1-odd`, type: LOCAL, inputs: { stdin: "x" } },
          { urn: `${HOST}$random:index:Thing::node1-other`, type: "random:index:Thing", inputs },
        ]),
        ["node1"],
      ),
    ).toEqual([]);
  });

  test("knows the resources of a machine, and no other's", () => {
    const urns = [
      `${LAB}$${LOCAL}::node1-vm`,
      `${LAB}$${LOCAL}::node1-b-vm`,
      `${HOST}$${REMOTE}::node1-base`,
      `${HOST}::node1`,
      `${HOST}$${REMOTE}::node2-base`,
    ];
    const all = deployment(urns.map((urn) => ({ urn, type: urn.split("$").at(-1) })));
    expect(urnsOfMachines(all, ["node1"])).toEqual([urns[0], urns[2]]);
  });

  test("has nothing to list of an empty state", () => {
    expect(listSteps({ version: 3, deployment: {} }, [])).toEqual([]);
  });
});
