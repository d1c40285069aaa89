import { heldFor, holderFigures } from "../../../lab/entry/holder-figures";
import type { HolderSample } from "../../../lab/entry/holder-times";

/** Ten samples a second over 20 s of a machine that holds the address, and reaches the gateway, at certain times. */
function machine(
  holds: (at: number) => boolean,
  reaches: (at: number) => boolean = () => true,
): HolderSample[] {
  return Array.from({ length: 200 }, (_, index) => {
    const at = index / 10;
    return { at, holds: holds(at), reaches: reaches(at) };
  });
}

const never = machine(() => false);
const whole = { from: 0, to: 19.9 };

test("a holder that never changes leaves no time with none or with two", () => {
  expect(holderFigures([machine(() => true), never], whole)).toEqual({
    none: 0,
    several: 0,
    severalReaching: 0,
    unseen: 0,
  });
});

test("a failover is the time from the last look of one to the first of the other", () => {
  const dead = machine(() => true).filter(({ at }) => at < 5);
  const heir = machine((at) => at >= 7);
  const { none, several, unseen } = holderFigures([dead, heir, never], whole);
  expect(none).toBeCloseTo(2);
  expect(several).toBe(0);
  expect(unseen).toBeCloseTo(14.9);
});

test("of two that hold it, those count apart that reach the gateway", () => {
  const isolated = machine(
    (at) => at < 12,
    (at) => at < 5 || at >= 9,
  );
  const heir = machine((at) => at >= 7);
  const { several, severalReaching } = holderFigures([isolated, heir], whole);
  expect(several).toBeCloseTo(5);
  expect(severalReaching).toBeCloseTo(3);
});

test("a machine holds the address on for as long as its samples say so", () => {
  expect(
    heldFor(
      machine((at) => at < 8),
      5,
    ),
  ).toBeCloseTo(3);
  expect(heldFor(never, 5)).toBe(0);
  expect(
    heldFor(
      machine(() => true),
      5,
    ),
  ).toBeUndefined();
});
