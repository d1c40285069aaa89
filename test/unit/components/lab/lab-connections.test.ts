import { labConnections } from "../../../../components/lab/lab-connections";
import { hostKey } from "../../../../components/machine/access";

test("machines are reached at their own ports, and have to show the keys that follow from the seed", () => {
  const seed = "ab".repeat(32);
  const spec = { address: "10.77.0.11", labels: {} };
  const machines = {
    node1: { ...spec, role: "manager" as const, generation: 1 },
    worker1: { ...spec, role: "worker" as const, generation: 2 },
  };
  const ports = { node1: { "22": 20001 }, worker1: { "22": 20003 } };
  expect(labConnections(machines, ports, seed)).toEqual([
    {
      name: "node1",
      role: "manager",
      host: "127.0.0.1",
      port: 20001,
      user: "swarmstead",
      hostKey: hostKey(seed, "node1", 1).publicKey,
    },
    {
      name: "worker1",
      role: "worker",
      host: "127.0.0.1",
      port: 20003,
      user: "swarmstead",
      hostKey: hostKey(seed, "worker1", 2).publicKey,
    },
  ]);
});
