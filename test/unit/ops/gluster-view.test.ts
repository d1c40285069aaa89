import { parseGlusterAnswer } from "../../../ops/gluster-view";
import type { StorageStatus } from "../../../ops/storage-view";

const MACHINES = {
  worker1: { address: "10.77.0.21" },
  node1: { address: "10.77.0.11" },
  node2: { address: "10.77.0.12" },
};
const WELL: StorageStatus = {
  kind: "gluster",
  health: "HEALTH_OK",
  degraded: false,
  activeMds: null,
  freeMiB: 1893,
  warnings: [],
};
const SPACE = "free 484757 4096\n";

/** A copy as `gluster volume heal data info summary` of version 11.1 tells of it. */
function copy(number: number, pending = 0, split = 0): string {
  return `Brick 10.77.0.1${String(number)}:/srv/gluster/brick
Status: Connected
Total Number of entries: ${String(pending + split)}
Number of entries in heal pending: ${String(pending)}
Number of entries in split-brain: ${String(split)}
Number of entries possibly healing: 0

`;
}

/** The same of one that does not answer. */
function away(number: number): string {
  return `Brick 10.77.0.1${String(number)}:/srv/gluster/brick
Status: Transport endpoint is not connected
Total Number of entries: -
Number of entries in heal pending: -
Number of entries in split-brain: -
Number of entries possibly healing: -

`;
}

test("is well where three copies are there and whole", () => {
  expect(parseGlusterAnswer(copy(1) + copy(2) + copy(3) + SPACE, MACHINES)).toEqual(WELL);
});

test("is degraded where a copy is away, which is named by its machine", () => {
  expect(parseGlusterAnswer(copy(1, 4) + away(2) + copy(3, 1) + SPACE, MACHINES)).toEqual({
    ...WELL,
    health: "HEALTH_WARN",
    degraded: true,
    warnings: [
      "the copy on node1 has 4 entries that another one still lacks",
      "the copy on node2 is away",
      "the copy on 10.77.0.13 has 1 entry that another one still lacks",
    ],
  });
});

test("is broken where two copies are away, or nobody knows which copy is right", () => {
  const two = parseGlusterAnswer(copy(1) + away(2) + away(3) + SPACE, MACHINES);
  expect([two.health, two.degraded]).toEqual(["HEALTH_ERR", true]);
  const split = parseGlusterAnswer(copy(1, 0, 1) + copy(2) + copy(3) + SPACE, MACHINES);
  expect([split.health, split.degraded, split.warnings]).toEqual([
    "HEALTH_ERR",
    true,
    ["the copy on node1 has 1 entry in split-brain: no copy is known to be right"],
  ]);
});

test("is broken where the manager that was asked cannot use it", () => {
  const { health, freeMiB, warnings } = parseGlusterAnswer(copy(1) + copy(2) + copy(3), MACHINES);
  expect([health, freeMiB]).toEqual(["HEALTH_ERR", undefined]);
  expect(warnings).toEqual(["/var/data cannot be used on the manager that was asked"]);
});

test("is unknown where nobody answers", () => {
  expect(parseGlusterAnswer("", MACHINES)).toEqual({
    kind: "gluster",
    health: "unknown",
    degraded: true,
    activeMds: null,
    warnings: ["no manager has told of it in time, or two of the three copies are away"],
  });
});
