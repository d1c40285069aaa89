import { parseLook } from "../../../ops/machine-view";

describe("parseLook", () => {
  test("reads what a manager says", () => {
    const look = [
      "swarm active",
      "node node1 Ready Active Leader",
      "node node2 Down Drain Unreachable",
      "node node4 Ready Active ",
      "service whoami_whoami 1/2",
      "service job_run 0/1 (1/1 completed)",
      "service limited_web 2/2 (max 1 per node)",
      "",
    ];
    expect(parseLook(look.join("\n"))).toEqual({
      swarmState: "active",
      nodes: [
        { hostname: "node1", status: "Ready", availability: "Active", manager: "Leader" },
        { hostname: "node2", status: "Down", availability: "Drain", manager: "Unreachable" },
        { hostname: "node4", status: "Ready", availability: "Active", manager: "" },
      ],
      services: [
        { name: "whoami_whoami", running: 1, desired: 2 },
        { name: "job_run", running: 0, desired: 1 },
        { name: "limited_web", running: 2, desired: 2 },
      ],
    });
  });

  test("knows nothing where Docker is silent", () => {
    expect(parseLook("")).toEqual({ swarmState: "", nodes: [], services: [] });
  });

  test("passes over words that are not its own", () => {
    expect(parseLook("Warning: something\nswarm inactive\n")).toEqual({
      swarmState: "inactive",
      nodes: [],
      services: [],
    });
  });
});
