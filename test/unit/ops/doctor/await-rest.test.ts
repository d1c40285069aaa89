import type { ClusterStatus, Problem } from "../../../../ops/cluster-status";
import type { Context } from "../../../../ops/context";
import { awaitRest } from "../../../../ops/doctor/await-rest";
import { readStatus } from "../../../../ops/status";

jest.mock("../../../../ops/status");
jest.mock("node:timers/promises", () => ({ setTimeout: () => Promise.resolve() }));

const moving: Problem = { where: "whoami_whoami", what: "1 of 2 tasks run", cure: "look" };
const broken: Problem = { where: "node3", what: "is down", cure: "repair", repair: "node3" };

let now: number;
let said: string[];

/** What successive looks find, each after 10 seconds; the last for ever. */
function looks(...found: readonly (readonly Problem[])[]): void {
  const rest = [...found];
  jest.mocked(readStatus).mockImplementation(() => {
    now += 10_000;
    const problems = (rest.length > 1 ? rest.shift() : rest[0]) ?? [];
    return Promise.resolve({ problems: [...problems] } as unknown as ClusterStatus);
  });
}

const rested = (seconds: number, skipped: string[] = []): Promise<void> =>
  awaitRest({} as unknown as Context, skipped, seconds * 1000);

beforeEach(() => {
  now = 0;
  jest.clearAllMocks();
  jest.spyOn(Date, "now").mockImplementation(() => now);
  said = [];
  jest.spyOn(process.stderr, "write").mockImplementation((text) => said.push(String(text)) > 0);
});

afterEach(() => {
  jest.restoreAllMocks();
});

test("ends as soon as all is well, and says once what it waits for", async () => {
  looks([moving], [moving], []);
  await rested(600);
  expect(readStatus).toHaveBeenCalledTimes(3);
  expect(said).toEqual(["waiting: whoami_whoami: 1 of 2 tasks run\n"]);
});

test("what no step can mend is waited for until the deadline", async () => {
  looks([moving]);
  await rested(100);
  expect(now).toBe(110_000);
});

test("what a step can mend is waited for until it has stayed for 45 seconds", async () => {
  looks([moving], [broken]);
  await rested(600);
  expect(now).toBe(70_000);
});

test("a machine that is left out is not waited for", async () => {
  looks([broken]);
  await rested(600, ["node3"]);
  expect(readStatus).toHaveBeenCalledTimes(1);
});
