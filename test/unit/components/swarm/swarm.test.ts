import { plan, threeManagers } from "../../../support/plan";
import { drawTree } from "../../../support/tree";

const cluster = (): Record<string, unknown> => ({
  ...threeManagers(),
  machines: {
    worker2: { role: "worker", address: "10.77.0.22", labels: { disk: "ssd", rack: "2" } },
    node1: { role: "manager", address: "10.77.0.11" },
    worker1: { role: "worker", address: "10.77.0.21" },
    node2: { role: "manager", address: "10.77.0.12" },
    node3: { role: "manager", address: "10.77.0.13" },
  },
});

/** What each step is told to wait for, by its name. */
async function waits(): Promise<Map<string, string[]>> {
  const tree = await drawTree(() => plan(cluster()));
  return new Map(
    tree.split("\n").map((line) => {
      const [resource = "", others = ""] = line.trim().split("  <- ");
      return [resource.split(" ").at(-1) ?? "", [...new Set(others.split(", "))].sort()];
    }),
  );
}

describe("the swarm", () => {
  test("is joined by managers one after the other, once every manager is ready", async () => {
    const after = await waits();
    const ready = ["node1-docker", "node2-docker", "node3-docker"];
    expect(after.get("node1-member")).toEqual(ready);
    expect(after.get("node2-member")).toEqual([...ready, "node1-member"].sort());
    expect(after.get("node3-member")).toEqual([...ready, "node1-member", "node2-member"].sort());
  });

  test("is joined by workers after all managers, and by none after another", async () => {
    const after = await waits();
    const managers = ["node1-member", "node2-member", "node3-member"];
    for (const worker of ["worker1", "worker2"]) {
      expect(after.get(`${worker}-member`)).toEqual([...managers, `${worker}-announce`]);
    }
  });

  test("labels only nodes that have labels, after they joined, with every label on a line", async () => {
    const after = await waits();
    expect([...after.keys()].filter((name) => name.endsWith("-labels"))).toEqual([
      "worker2-labels",
    ]);
    expect(after.get("worker2-labels")).toEqual(["worker2-member"]);
    const labels = (await plan(cluster())).find(({ name }) => name === "worker2-labels");
    expect(labels?.inputs.stdin).toContain("LABELS='disk=ssd\nrack=2'\n");
  });

  test("is told the overlays' MTU, 50 bytes below the network's", async () => {
    const other = cluster();
    other.network = { ...(other.network as object), mtu: 1400 };
    const registered = await plan(other);
    for (const name of ["node1-member", "worker1-member", "swarm-settings"]) {
      const stdin = String(registered.find((one) => one.name === name)?.inputs.stdin);
      expect(stdin).toContain("INGRESS_MTU='1350'\n");
    }
  });
});
