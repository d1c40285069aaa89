import {
  countedStretches,
  type HolderLook,
  type HolderSample,
  parseLook,
  stretchesOf,
  timeLooks,
} from "../../../lab/entry/holder-times";

/** Ten looks a second of a machine whose clock began at second 1000, and whose lines take 20 ms. */
function looks(count: number, change: (index: number) => Partial<HolderLook> = () => ({})) {
  return Array.from({ length: count }, (_, index) => {
    const local = index / 10;
    return { local, arrived: 1000 + local + 0.02, holds: true, reaches: true, ...change(index) };
  });
}

const times = (samples: readonly HolderSample[]): number[] =>
  samples.map(({ at }) => Math.round((at - 1000) * 1000) / 1000);

test("a line is a look", () => {
  expect(parseLook("12.345 1 0", 1700000000.5)).toEqual({
    local: 12.345,
    arrived: 1700000000.5,
    holds: true,
    reaches: false,
  });
});

describe("looks are timed by this computer's clock", () => {
  test("as if each had come as quickly as the quickest after it", () => {
    const late = looks(5, (index) => (index === 1 ? { arrived: 1003 } : {}));
    expect(times(timeLooks(late))).toEqual([0.02, 0.12, 0.22, 0.32, 0.42]);
  });

  test("where they waited for a cable, by those after it", () => {
    const waited = looks(100, (index) => (index >= 20 && index < 80 ? { arrived: 1008.5 } : {}));
    const [first, ...others] = times(timeLooks(waited));
    expect(first).toBe(0.02);
    expect(others.every((time, index) => Math.abs(time - (index + 1) / 10 - 0.02) < 0.001)).toBe(
      true,
    );
  });

  test("where the machine stood still, with a clock that lags from then on", () => {
    const frozen = looks(40, (index) => ({
      arrived: 1000.02 + index / 10 + (index >= 20 ? 30 : 0),
    }));
    const timed = times(timeLooks(frozen));
    expect([timed[19], timed[20]]).toEqual([1.92, 32.02]);
  });
});

describe("stretches", () => {
  const sample = (at: number, holds: boolean): HolderSample => ({ at, holds, reaches: true });
  const holds = (each: HolderSample): boolean => each.holds;

  test("reach from look to look, and end at the first that is otherwise", () => {
    const samples = [sample(0, false), sample(1, true), sample(2, true), sample(3, false)];
    expect(stretchesOf(samples, holds)).toEqual([{ from: 1, to: 3 }]);
  });

  test("end soon after the last look of a machine that is heard of no more", () => {
    const samples = [sample(0, true), sample(1, true), sample(31, true)];
    expect(stretchesOf(samples, holds)).toEqual([
      { from: 0, to: 1.1 },
      { from: 31, to: 31.1 },
    ]);
  });

  test("are counted over the machines, within a time alone", () => {
    const machines = [[{ from: 0, to: 10 }], [{ from: 8, to: 20 }], [{ from: 25, to: 40 }]];
    const within = { from: 5, to: 30 };
    const found = (count: number): object[] =>
      countedStretches(machines, within, (each) => each === count);
    expect(found(0)).toEqual([{ from: 20, to: 25 }]);
    expect(found(1)).toEqual([
      { from: 5, to: 8 },
      { from: 10, to: 20 },
      { from: 25, to: 30 },
    ]);
    expect(found(2)).toEqual([{ from: 8, to: 10 }]);
  });

  test("of nobody are the whole time", () => {
    expect(countedStretches([[], []], { from: 1, to: 2 }, (count) => count === 0)).toEqual([
      { from: 1, to: 2 },
    ]);
  });
});
