import type { Deployment } from "@pulumi/pulumi/automation";
import { listSteps } from "../../../ops/stored-steps";

const HOST = "urn:pulumi:dev::swarmstead::swarmstead:host:Host";
const LAB = "urn:pulumi:dev::swarmstead::swarmstead:lab:Lab";
const REMOTE = "command:remote:Command";
const LOCAL = "command:local:Command";

function deployment(resources: unknown[]): Deployment {
  return { version: 3, deployment: { resources } };
}

describe("listSteps", () => {
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
      ]),
    );
    expect(steps).toEqual([
      { name: "my-node-base", machine: "my-node", command: "sudo bash -s", stdin: "one" },
      { name: "node1-member", command: "bash -s", stdin: "two" },
    ]);
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
      ),
    ).toEqual([]);
  });

  test("has nothing to list of an empty state", () => {
    expect(listSteps({ version: 3, deployment: {} })).toEqual([]);
  });
});
