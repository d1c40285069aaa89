import { setTimeout as sleep } from "node:timers/promises";
import type { ClusterStatus, Problem } from "../../../../ops/cluster-status";
import type { Context } from "../../../../ops/context";
import { awaitRest } from "../../../../ops/doctor/await-rest";
import { diagnose, storedSteps } from "../../../../ops/doctor/diagnosis";
import { runSteps } from "../../../../ops/doctor/mend";
import { settle } from "../../../../ops/doctor/settle";
import type { Engine } from "../../../../ops/engine";

jest.mock("../../../../ops/doctor/diagnosis");
jest.mock("../../../../ops/doctor/await-rest");
jest.mock("node:timers/promises", () => ({ setTimeout: jest.fn(() => Promise.resolve()) }));
jest.mock("../../../../ops/doctor/mend", () => ({
  ...jest.requireActual<object>("../../../../ops/doctor/mend"),
  runSteps: jest.fn(() => Promise.resolve([])),
}));

const step = { name: "node1-docker", machine: "node1", runsOn: "computer" } as const;
const drift: Problem = { where: "node1", what: "drifted", cure: "repair", repair: "node1" };
const passing: Problem = { where: "whoami_whoami", what: "3 of 2 tasks run", cure: "look" };

/** What successive looks find, each after so many seconds; the last for ever. */
function looks(...found: readonly (readonly Problem[])[]): void {
  let now = 0;
  jest.spyOn(Date, "now").mockImplementation(() => now);
  const rest = [...found];
  jest.mocked(diagnose).mockImplementation(() => {
    now += 25_000;
    const problems = (rest.length > 1 ? rest.shift() : rest[0]) ?? [];
    return Promise.resolve({ problems: [...problems] } as unknown as ClusterStatus);
  });
}

const settled = (atOnce: boolean, limitSeconds = 60): ReturnType<typeof settle> =>
  settle({} as unknown as Context, {} as Engine, { atOnce, limitSeconds });

beforeEach(() => {
  jest.clearAllMocks();
  jest.mocked(storedSteps).mockResolvedValue([{ ...step, command: "", stdin: "" }]);
  for (const stream of [process.stdout, process.stderr]) {
    jest.spyOn(stream, "write").mockReturnValue(true);
  }
});

afterEach(() => {
  jest.restoreAllMocks();
});

test("what ends by itself is waited for, and nothing is run for it", async () => {
  looks([passing], []);
  expect((await settled(true)).status.problems).toEqual([]);
  expect(runSteps).not.toHaveBeenCalled();
});

test("what is there a second time is mended, once", async () => {
  looks([drift], [drift], []);
  expect((await settled(false)).status.problems).toEqual([]);
  expect(sleep).toHaveBeenCalledTimes(1);
  expect(runSteps).toHaveBeenCalledTimes(1);
});

test("repair mends at first sight", async () => {
  looks([drift], []);
  await settled(true);
  expect(runSteps).toHaveBeenCalledTimes(1);
  expect(diagnose).toHaveBeenCalledTimes(2);
});

test("a first look that lasts until the deadline is not the last", async () => {
  looks([drift], []);
  expect((await settled(false, 10)).status.problems).toEqual([]);
  expect(runSteps).not.toHaveBeenCalled();
});

test("machines that have just booted are awaited before they are examined", async () => {
  looks([]);
  const order: string[] = [];
  jest.mocked(awaitRest).mockImplementation(() => Promise.resolve(void order.push("rest")));
  jest.mocked(diagnose).mockImplementation(() => {
    order.push("look");
    return Promise.resolve({ problems: [] } as unknown as ClusterStatus);
  });
  await settle({} as unknown as Context, {} as Engine, { restFirst: true });
  expect(order).toEqual(["rest", "look"]);
});

test("what stays is told after the limit, and after one mending", async () => {
  looks([drift]);
  expect((await settled(false)).status.problems).toEqual([drift]);
  expect(runSteps).toHaveBeenCalledTimes(1);
});
