import type { MachineFacts } from "../../../../ops/doctor/examination";
import { doctorLimit, parseFacts } from "../../../../ops/doctor/examination";
import { differenceFindings, machineFindings } from "../../../../ops/doctor/findings";
import { stepsToMend } from "../../../../ops/doctor/mend";
import { unseenView } from "../../../../ops/machine-view";
import type { StoredStep } from "../../../../ops/stored-steps";
import { parseClusterConfig } from "../../../../stacks/config";

const MEMBERS = { node1: "10.77.0.11", node2: "10.77.0.12", node3: "10.77.0.13" };
const config = parseClusterConfig(
  {
    platform: { kind: "lab" },
    network: { cidr: "10.77.0.0/24" },
    machines: Object.fromEntries(
      Object.entries(MEMBERS).map(([name, address]) => [name, { role: "manager", address }]),
    ),
  },
  "test",
);

function facts(change: Partial<MachineFacts> = {}): MachineFacts[] {
  return Object.keys(MEMBERS).map((name) => ({
    view: { ...unseenView(name), reachable: true },
    clockAhead: 0.2,
    complete: true,
    disks: [{ mount: "/", freeMiB: 15_000, usedPercent: 12 }],
    members: MEMBERS,
    differences: [],
    ...(name === "node2" ? change : {}),
  }));
}

const lines = (change: Partial<MachineFacts>): string[] =>
  machineFindings(facts(change), config).map(({ where, what }) => `${where}: ${what}`);

describe("what doctor finds on machines", () => {
  test("is nothing where all is well", () => {
    expect(lines({})).toEqual([]);
  });

  test.each([
    [3600.4, "node2: its clock is 3600 s ahead of the others"],
    [-10, "node2: its clock is 10 s behind the others"],
  ])("is a clock that is %d s ahead", (clockAhead, line) => {
    expect(lines({ clockAhead })).toEqual([line]);
  });

  test("is not this computer's clock, which is one of many", () => {
    const all = facts().map((fact) => ({ ...fact, clockAhead: -50 }));
    expect(machineFindings(all, config)).toEqual([]);
  });

  test.each([
    [{ freeMiB: 100, usedPercent: 80 }, "node2: / is full: 100 MiB are free, 80 % are used"],
    [{ freeMiB: 900, usedPercent: 96 }, "node2: / is full: 900 MiB are free, 96 % are used"],
  ])("is a disk without space: %j", (disk, line) => {
    expect(lines({ disks: [{ mount: "/", ...disk }] })).toEqual([line]);
  });

  test("is a disk that cannot be written, and one that is full only once", () => {
    expect(lines({ unwritable: "Read-only file system" })).toEqual([
      "node2: nothing can be written to its disk: Read-only file system",
    ]);
    const disks = [{ mount: "/", freeMiB: 0, usedPercent: 100 }];
    expect(lines({ disks, unwritable: "No space left on device" })).toEqual([
      "node2: / is full: 0 MiB are free, 100 % are used",
    ]);
  });

  test("is a machine that it does not know, and one that it should not", () => {
    const { node3, ...rest } = MEMBERS;
    expect(lines({ members: { ...rest, node9: node3 } })).toEqual([
      "node2: does not know node3 by its address 10.77.0.13",
      "node2: knows node9, which is not in the config",
    ]);
  });

  test("is a machine that does not tell all in time, and not what it did not come to tell", () => {
    expect(lines({ complete: false, members: {} })).toEqual([
      "node2: answers too slowly to be examined to the end",
    ]);
  });

  test("is not asked of a machine that does not answer", () => {
    expect(lines({ view: unseenView("node2"), members: {} })).toEqual([]);
  });

  test("is what a step would change", () => {
    const found = differenceFindings(
      [
        { step: "node2-base", what: "chrony does not run" },
        { step: "whoami-deploy", what: "service whoami_whoami is missing" },
      ],
      Object.keys(MEMBERS),
    );
    expect(found.map(({ where, repair }) => [where, repair])).toEqual([
      ["node2", "node2"],
      ["whoami", "whoami-deploy"],
    ]);
  });
});

describe("parseFacts", () => {
  test("reads what an examination prints, and passes over the rest", () => {
    const text = [
      "clock\t1763742000.5",
      "disk\t/\t15000\t12",
      "unwritable\tRead-only file system",
      "member\tnode1\t10.77.0.11",
      'info {"Swarm":{}}',
      "differs\tnode1-base\tchrony does not run",
      "end",
      "",
    ].join("\n");
    expect(parseFacts(text)).toEqual({
      clock: 1763742000.5,
      complete: true,
      disks: [{ mount: "/", freeMiB: 15_000, usedPercent: 12 }],
      unwritable: "Read-only file system",
      members: { node1: "10.77.0.11" },
      differences: [{ step: "node1-base", what: "chrony does not run" }],
    });
  });
});

test.each([
  [0.5, 26],
  [4.2, 22],
  [11, 15],
  [40, 15],
])("doctor that began %d s ago gives a machine %d s", (since, limit) => {
  expect(doctorLimit(since)).toBe(limit);
});

describe("stepsToMend", () => {
  const step = (name: string, machine?: string): StoredStep => ({
    name,
    runsOn: "machine",
    command: "",
    stdin: "",
    ...(machine === undefined ? {} : { machine }),
  });
  const steps = [
    step("node1-base", "node1"),
    step("node2-base", "node2"),
    step("node2-member", "node2"),
    step("whoami-deploy"),
    step("blog-deploy"),
  ];
  const problem = { where: "", what: "", cure: "" };

  test("are all of a machine and the one that is named, in their order", () => {
    const problems = [
      { ...problem, repair: "whoami-deploy" },
      { ...problem, repair: "node2" },
      problem,
    ];
    expect(stepsToMend(problems, steps).map(({ name }) => name)).toEqual([
      "node2-base",
      "node2-member",
      "whoami-deploy",
    ]);
  });

  test("are none where nothing can be mended", () => {
    expect(stepsToMend([problem], steps)).toEqual([]);
  });
});
