import { drawPoint } from "../../lab/interruptions";
import { randomFrom } from "../../lab/seeded";

describe("the points of a campaign", () => {
  test("follow from the seed", () => {
    const points = (seed: number): unknown[] => {
      const random = randomFrom(seed);
      return [drawPoint(random, 60), drawPoint(random, 60)];
    };
    expect(points(42)).toEqual(points(42));
    expect(points(42)).not.toEqual(points(43));
    // Known numbers of mulberry32.
    const random = randomFrom(1);
    expect([random(), random()]).toEqual([0.6270739405881613, 0.002735721180215478]);
  });

  test("lie within the call and are of both kinds", () => {
    const random = randomFrom(7);
    const points = Array.from({ length: 200 }, () => drawPoint(random, 10));
    expect(points.every(({ afterMs }) => afterMs >= 0 && afterMs < 10_000)).toBe(true);
    expect(new Set(points.map(({ signal }) => signal))).toEqual(new Set(["SIGINT", "SIGKILL"]));
  });
});
