import { renderStatus } from "../../../ops/status";

describe("the status for people", () => {
  test("is this text where all is well", () => {
    expect(
      renderStatus({
        stack: "dev",
        platform: "lab",
        machines: [
          {
            name: "node1",
            role: "manager",
            privateIp: "10.77.0.11",
            reachable: true,
            swarm: "leader",
            pid: 4711,
            ports: { "22": "127.0.0.1:2201", "8080": "127.0.0.1:8081" },
          },
          {
            name: "node4",
            role: "worker",
            privateIp: "10.77.0.14",
            reachable: false,
            swarm: "down",
          },
        ],
        services: [{ name: "whoami_whoami", running: 2, desired: 2 }],
        problems: [],
      }),
    ).toBe(
      [
        "stack dev on lab",
        "",
        "node1            manager  10.77.0.11      answers  leader     22 at 127.0.0.1:2201, 8080 at 127.0.0.1:8081",
        "node4            worker   10.77.0.14      silent   down       ",
        "",
        "whoami_whoami            2 of 2 run",
        "",
        "all well",
      ].join("\n"),
    );
  });

  test("has a line of the storage where there is some, and what it warns of", () => {
    const text = renderStatus({
      stack: "dev",
      platform: "lab",
      machines: [],
      services: [{ name: "whoami_whoami", running: 2, desired: 2 }],
      storage: {
        kind: "ceph",
        health: "HEALTH_WARN",
        degraded: true,
        activeMds: "node1",
        freeMiB: 5000,
        warnings: ["1 osds down (OSD_DOWN)"],
      },
      problems: [{ where: "storage", what: "1 osds down (OSD_DOWN)", cure: "wait" }],
    });
    expect(text.split("\n").slice(-7)).toEqual([
      "whoami_whoami            2 of 2 run",
      "",
      "storage ceph: HEALTH_WARN, degraded, 4 GiB free, metadata by node1",
      "",
      "problem: storage: 1 osds down (OSD_DOWN)",
      "   cure: wait",
      "1 problem(s)",
    ]);
  });

  test("has the entry's lines behind the storage's", () => {
    const text = renderStatus({
      stack: "dev",
      platform: "lab",
      machines: [],
      services: [],
      entry: { address: "10.77.0.10", holder: "node1" },
      apps: [{ name: "whoami", host: "whoami.swarm.test", protected: false, ok: true }],
      problems: [],
    });
    expect(text.split("\n").slice(-5)).toEqual([
      "",
      "entry 10.77.0.10: held by node1",
      "whoami                   answers  https://whoami.swarm.test/",
      "",
      "all well",
    ]);
  });

  test("ends with every problem and its cure, and their number", () => {
    const text = renderStatus({
      stack: "dev",
      platform: "lab",
      machines: [],
      services: [],
      problems: [
        { where: "node1", what: "its VM does not run", cure: "./swarmstead power on node1" },
        { where: "whoami", what: "is not deployed", cure: "./swarmstead up" },
      ],
    });
    expect(text.split("\n").slice(-5)).toEqual([
      "problem: node1: its VM does not run",
      "   cure: ./swarmstead power on node1",
      "problem: whoami: is not deployed",
      "   cure: ./swarmstead up",
      "2 problem(s)",
    ]);
  });
});
