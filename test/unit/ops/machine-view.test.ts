import { parseLook } from "../../../ops/machine-view";

describe("parseLook", () => {
  test("reads what a manager says", () => {
    const node = (name: string, state: string, availability: string, manager?: object): object => ({
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
      `info ${JSON.stringify({ Swarm: { LocalNodeState: "active" } })}`,
      `nodes ${JSON.stringify(nodes)}`,
      `services?status=true ${JSON.stringify(services)}`,
      "",
    ];
    expect(parseLook(look.join("\n"))).toEqual({
      swarmState: "active",
      nodes: [
        { hostname: "node1", status: "ready", availability: "active", manager: "leader" },
        { hostname: "node2", status: "down", availability: "drain", manager: "unreachable" },
        { hostname: "node4", status: "ready", availability: "active", manager: "" },
      ],
      services: [
        { name: "blog_db", running: 1, desired: 1 },
        { name: "whoami_whoami", running: 1, desired: 2 },
      ],
    });
  });

  test("knows nothing where Docker is silent", () => {
    expect(parseLook("")).toEqual({ swarmState: "", nodes: [], services: [] });
  });

  test("passes over words that are not its own", () => {
    expect(parseLook(`Warning: something\ninfo {"Swarm":{"LocalNodeState":"inactive"}}\n`)).toEqual(
      {
        swarmState: "inactive",
        nodes: [],
        services: [],
      },
    );
  });
});
