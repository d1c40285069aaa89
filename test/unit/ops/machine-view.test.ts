import { parseLook } from "../../../ops/machine-view";

const NOTHING = {
  swarmState: "unknown",
  swarmError: "",
  nodeId: "",
  clusterId: "",
  nodes: [],
  services: [],
};

describe("parseLook", () => {
  test("reads what a manager says", () => {
    const node = (name: string, state: string, availability: string, manager?: object): object => ({
      ID: `id-${name}`,
      Description: { Hostname: name },
      Spec: { Availability: availability },
      Status: { State: state },
      ...(manager ? { ManagerStatus: manager } : {}),
    });
    const nodes = [
      node("node1", "ready", "active", { Leader: true, Reachability: "reachable" }),
      node("node2", "down", "drain", { Reachability: "unreachable" }),
      node("node4", "ready", "active"),
    ];
    const services = [
      { Spec: { Name: "whoami_whoami" }, ServiceStatus: { RunningTasks: 1, DesiredTasks: 2 } },
      { Spec: { Name: "blog_db" }, ServiceStatus: { RunningTasks: 1, DesiredTasks: 1 } },
    ];
    const look = [
      `info ${JSON.stringify({ Swarm: { LocalNodeState: "active", NodeID: "n", Cluster: { ID: "c" } } })}`,
      `nodes ${JSON.stringify(nodes)}`,
      `services?status=true ${JSON.stringify(services)}`,
      "",
    ];
    expect(parseLook(look.join("\n"))).toEqual({
      ...NOTHING,
      swarmState: "active",
      nodeId: "n",
      clusterId: "c",
      nodes: [
        {
          id: "id-node1",
          hostname: "node1",
          status: "ready",
          availability: "active",
          manager: "leader",
        },
        {
          id: "id-node2",
          hostname: "node2",
          status: "down",
          availability: "drain",
          manager: "unreachable",
        },
        {
          id: "id-node4",
          hostname: "node4",
          status: "ready",
          availability: "active",
          manager: "",
        },
      ],
      services: [
        { name: "blog_db", running: 1, desired: 1 },
        { name: "whoami_whoami", running: 1, desired: 2 },
      ],
    });
  });

  test("reads what a candidate for the entry's address says, whatever its Docker does", () => {
    const addresses = ["10.77.0.11", "10.77.0.10", "172.28.0.1"];
    const look = (fault: string): string =>
      `addresses ${addresses.join(" ")} \nfault ${fault}\nsilent\n`;
    expect(parseLook(look(""))).toEqual({
      ...NOTHING,
      swarmState: "",
      entry: { addresses, fault: "" },
    });
    expect(parseLook(look("keepalived does not run")).entry?.fault).toBe("keepalived does not run");
    expect(parseLook("addresses 10.77.0.11\n")).toEqual(NOTHING);
  });

  test("knows nothing where Docker is silent", () => {
    expect(parseLook("silent\n")).toEqual({ ...NOTHING, swarmState: "" });
    expect(parseLook("")).toEqual(NOTHING);
  });

  test("passes over an answer that was cut off in its middle", () => {
    const look = `info {"Swarm":{"LocalNodeState":"active"}}\nnodes [{"ID":"one","Descr`;
    expect(parseLook(look)).toEqual({ ...NOTHING, swarmState: "active" });
  });

  test("passes over words that are not its own", () => {
    expect(
      parseLook(`Warning: something\ninfo {"Swarm":{"LocalNodeState":"inactive","Error":"why"}}\n`),
    ).toEqual({
      ...NOTHING,
      swarmState: "inactive",
      swarmError: "why",
    });
  });
});
