import type { VmStatus } from "../../../components/lab/lab-computer";
import { judge, type Problem } from "../../../ops/cluster-status";
import type { MachineView, NodeView } from "../../../ops/machine-view";
import type { StorageStatus } from "../../../ops/storage-view";
import { parseClusterConfig } from "../../../stacks/config";

const NAMES = ["node1", "node2", "node3", "node4"];
const config = parseClusterConfig(
  {
    platform: { kind: "lab" },
    network: { cidr: "10.77.0.0/24", open: ["8080/tcp"] },
    machines: {
      node1: { role: "manager", address: "10.77.0.11" },
      node2: { role: "manager", address: "10.77.0.12" },
      node3: { role: "manager", address: "10.77.0.13" },
      node4: { role: "worker", address: "10.77.0.14" },
    },
    apps: { whoami: {} },
  },
  "test",
);

/** The swarm's nodes where all is well. */
function nodes(): NodeView[] {
  return NAMES.map((hostname) => ({
    id: `id-${hostname}`,
    hostname,
    status: "ready",
    availability: "active",
    manager: hostname === "node1" ? "leader" : hostname === "node4" ? "" : "reachable",
  }));
}

const services = [{ name: "whoami_whoami", running: 2, desired: 2 }];

/** What every machine says where all is well; the managers see the swarm. */
function views(seen = nodes(), running = services): MachineView[] {
  return NAMES.map((name) => ({
    name,
    reachable: true,
    error: "",
    swarmState: "active",
    swarmError: "",
    nodeId: `id-${name}`,
    clusterId: name === "node4" ? "" : "one",
    nodes: name === "node4" ? [] : seen,
    services: name === "node4" ? [] : running,
  }));
}

function withNode(name: string, change: Partial<NodeView>): NodeView[] {
  return nodes().map((node) => (node.hostname === name ? { ...node, ...change } : node));
}

const vms = (change: Partial<VmStatus> = {}): VmStatus[] =>
  NAMES.map((name) => ({ name, pid: 4711, ports: {}, ...(name === "node2" ? change : {}) }));

const problemsOf = (seen: MachineView[], lab?: VmStatus[]): Problem[] =>
  judge("dev", config, seen, lab).problems;

describe("what status finds", () => {
  test("is nothing where all is well, and every machine has its place", () => {
    const status = judge("dev", config, views());
    expect(status.problems).toEqual([]);
    expect(status.machines.map(({ name, role, swarm }) => [name, role, swarm])).toEqual([
      ["node1", "manager", "leader"],
      ["node2", "manager", "reachable"],
      ["node3", "manager", "reachable"],
      ["node4", "worker", "worker"],
    ]);
    expect(status).toMatchObject({ stack: "dev", platform: "lab", services });
    expect(status.machines[0]).toEqual({
      name: "node1",
      role: "manager",
      privateIp: "10.77.0.11",
      reachable: true,
      swarm: "leader",
    });
  });

  test("tells of the lab's VMs where there are some", () => {
    const { machines } = judge("dev", config, views(), vms({ ports: { "22": "127.0.0.1:2202" } }));
    expect(machines[1]).toMatchObject({ pid: 4711, ports: { "22": "127.0.0.1:2202" } });
  });

  test("is a VM that does not run, and nothing that follows from it", () => {
    const seen = views(withNode("node2", { status: "down", manager: "unreachable" })).map((view) =>
      view.name === "node2" ? { ...view, reachable: false, nodes: [], services: [] } : view,
    );
    expect(problemsOf(seen, vms({ pid: null }))).toEqual([
      { where: "node2", what: "its VM does not run", cure: "./swarmstead power on node2" },
    ]);
  });

  test("is a machine that does not answer, in SSH's words", () => {
    const seen = views().map((view) =>
      view.name === "node2"
        ? { ...view, reachable: false, error: "Connection refused", nodes: [] }
        : view,
    );
    expect(problemsOf(seen)).toEqual([
      {
        where: "node2",
        what: "does not answer by SSH: Connection refused",
        cure: "wait where it is booting; else see its console, or start it again",
      },
    ]);
  });

  test.each([withNode("node3", { status: "down" }), withNode("node3", { manager: "unreachable" })])(
    "is a member that the managers do not hear of",
    (...seen) => {
      expect(problemsOf(views(seen))).toEqual([
        {
          where: "node3",
          what: "is a member by its own word, but the managers do not hear of it",
          cure: "wait where it has just started; else ./swarmstead repair, which restarts its Docker; where that does not help, see whether the other nodes reach it",
          repair: "node3",
        },
      ]);
    },
  );

  const without = nodes().filter(({ hostname }) => hostname !== "node3");
  const says = (change: Partial<MachineView>, seen: NodeView[]): MachineView[] =>
    views(seen).map((view) => (view.name === "node3" ? { ...view, ...change, nodes: [] } : view));

  test.each([
    [{ swarmState: "inactive", nodeId: "" }, "absent", "inactive"],
    [{ swarmState: "pending", swarmError: "no route" }, "absent", "pending: no route"],
    [{ swarmState: "active" }, "absent", "active"],
  ])("is a machine that has left, or is not in yet: %j", (change, place, word) => {
    expect(problemsOf(says(change, without))).toEqual([
      {
        where: "node3",
        what: `is ${place} in the swarm; its Docker says: ${word}`,
        cure: "./swarmstead repair",
        repair: "node3",
      },
    ]);
  });

  test("is a machine that has left a moment ago, while the managers still call it ready", () => {
    const seen = says({ swarmState: "inactive", nodeId: "" }, nodes());
    expect(problemsOf(seen).map(({ where, what }) => `${where} ${what}`)).toEqual([
      "node3 is down in the swarm; its Docker says: inactive",
    ]);
  });

  test("is a Docker that does not answer", () => {
    const seen = says({ swarmState: "", clusterId: "" }, withNode("node3", { status: "down" }));
    expect(problemsOf(seen)).toEqual([
      {
        where: "node3",
        what: "its Docker does not answer",
        cure: "./swarmstead repair",
        repair: "node3",
      },
    ]);
  });

  test("is a machine with a swarm of its own, whichever is asked first", () => {
    const own = { id: "id-own", hostname: "node1", status: "ready", availability: "active" };
    const seen = views(nodes().filter(({ hostname }) => hostname !== "node1")).map((view) =>
      view.name === "node1"
        ? {
            ...view,
            nodeId: "id-own",
            clusterId: "other",
            nodes: [{ ...own, manager: "leader" }],
          }
        : view,
    );
    expect(problemsOf(seen)).toEqual([
      {
        where: "node1",
        what: "is in another swarm than the other machines",
        cure: "./swarmstead ssh node1 sudo docker swarm leave --force, which ends what runs in that swarm; then ./swarmstead repair",
      },
    ]);
  });

  test("is the node that a rebuilt machine left behind", () => {
    const ghost = {
      id: "id-old",
      hostname: "node3",
      status: "down",
      availability: "active",
      manager: "unreachable",
    };
    expect(problemsOf(views([ghost, ...nodes()]))).toEqual([
      {
        where: "node3",
        what: "left a node behind in the swarm (id-old, down) when it was rebuilt",
        cure: "./swarmstead repair",
        repair: "node3",
      },
    ]);
  });

  test("is a machine that shows another host key", () => {
    const seen = says({ reachable: false, error: "Host key verification failed." }, nodes());
    expect(problemsOf(seen)).toEqual([
      {
        where: "node3",
        what: "shows another host key than the one that is pinned; nothing was sent to it",
        cure: "find out who answers at its address; where it was rebuilt by hand, raise machines.node3.generation",
      },
    ]);
  });

  test.each([
    ["node4", "reachable", "is a worker in the config, but not in the swarm", "demote"],
    ["node3", "", "is a manager in the config, but not in the swarm", "promote"],
  ])("is %s in the wrong role", (name, manager, what, verb) => {
    expect(problemsOf(views(withNode(name, { manager })))).toEqual([
      { where: name, what, cure: `docker node ${verb} ${name}` },
    ]);
  });

  test("is a swarm without a quorum", () => {
    expect(problemsOf(views([], []))).toEqual([
      {
        where: "swarm",
        what: "no manager has a quorum",
        cure: "bring back the managers that do not answer; two of three are enough",
      },
    ]);
  });

  test("is a node that the config does not have", () => {
    const stranger = {
      id: "id-node9",
      hostname: "node9",
      status: "down",
      availability: "active",
      manager: "",
    };
    expect(problemsOf(views([...nodes(), stranger]))).toEqual([
      {
        where: "node9",
        what: "is a node of the swarm (down), but not in the config",
        cure: "docker node rm node9",
      },
    ]);
  });

  test.each(["drain", "pause"])("is a node with availability %s", (availability) => {
    expect(problemsOf(views(withNode("node2", { availability })))).toEqual([
      {
        where: "node2",
        what: `takes no tasks: ${availability.toLowerCase()}`,
        cure: "docker node update --availability active node2",
      },
    ]);
  });

  test("is a service with too few tasks, or too many", () => {
    for (const running of [1, 3]) {
      expect(problemsOf(views(nodes(), [{ name: "whoami_whoami", running, desired: 2 }]))).toEqual([
        {
          where: "whoami_whoami",
          what: `${String(running)} of 2 tasks run`,
          cure: "docker service ps --no-trunc whoami_whoami",
        },
      ]);
    }
  });

  test("is an app without a service of its own", () => {
    const other = [{ name: "whoamix_web", running: 1, desired: 1 }];
    expect(problemsOf(views(nodes(), other))).toEqual([
      {
        where: "whoami",
        what: "is not deployed",
        cure: "./swarmstead repair",
        repair: "whoami-deploy",
      },
    ]);
  });

  test("is what the storage warns of, after all else, and the storage is told of as it is", () => {
    const storage: StorageStatus = {
      kind: "ceph",
      health: "HEALTH_WARN",
      degraded: true,
      activeMds: "node1",
      warnings: ["1/3 mons down (MON_DOWN)", "1 osds down (OSD_DOWN)"],
    };
    const status = judge("dev", config, views(nodes(), []), undefined, storage);
    expect(status.storage).toBe(storage);
    expect(status.problems.map(({ where, what }) => `${where}: ${what}`)).toEqual([
      "whoami: is not deployed",
      "storage: 1/3 mons down (MON_DOWN)",
      "storage: 1 osds down (OSD_DOWN)",
    ]);
    expect(judge("dev", config, views())).not.toHaveProperty("storage");
  });

  test("has the entry and its apps, and what is wrong with them last", () => {
    const entry = { kind: "vrrp", address: "10.77.0.10", domain: "swarm.test" } as const;
    const numbers = { routerId: 51, advertSeconds: 0.3, checkSeconds: 0.5 };
    const look = { hosts: { whoami: "whoami.swarm.test" }, codes: { whoami: 0 }, ways: {} };
    const seen = views(nodes(), []);
    const whole = { ...config, entry: { ...entry, ...numbers } };
    const status = judge("dev", whole, seen, undefined, undefined, look);
    expect(status.entry).toEqual({ address: "10.77.0.10", holder: null });
    expect(status.apps).toEqual([
      { name: "whoami", host: "whoami.swarm.test", protected: false, ok: false },
    ]);
    expect(status.problems.map(({ where }) => where)).toEqual(["whoami", "entry"]);
    expect(judge("dev", config, views())).not.toHaveProperty("entry");
    expect(judge("dev", config, views())).not.toHaveProperty("apps");
  });

  test("is every problem at once", () => {
    const seen = withNode("node4", { status: "down", availability: "drain" });
    const problems = problemsOf(views(seen, []), vms({ pid: null }));
    expect(problems.map(({ where }) => where)).toEqual(["node2", "node4", "node4", "whoami"]);
  });
});
