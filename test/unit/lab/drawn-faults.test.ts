import { drawFaults } from "../../lab/drawn-faults";
import { FAULT_KINDS } from "../../lab/faults";

const MACHINES = ["node1", "node2", "node3"];

test("the faults of a run follow from its seed, every kind once", () => {
  const draws = drawFaults(42, MACHINES, FAULT_KINDS);
  expect(drawFaults(42, MACHINES, FAULT_KINDS)).toEqual(draws);
  expect(drawFaults(43, MACHINES, FAULT_KINDS)).not.toEqual(draws);
  expect(draws.map(({ kind }) => kind).sort()).toEqual([...FAULT_KINDS].sort());
  const all = Array.from({ length: 50 }, (_, seed) =>
    drawFaults(seed, MACHINES, FAULT_KINDS),
  ).flat();
  expect(new Set(all.map(({ machine }) => machine))).toEqual(new Set(MACHINES));
});

test("more faults than there are kinds are every kind again, in another order", () => {
  const kinds = ["a", "b", "c", "d", "e"];
  const draws = drawFaults(42, MACHINES, kinds, 12).map(({ kind }) => kind);
  expect(draws).toHaveLength(12);
  expect(draws.slice(0, 5).sort()).toEqual(kinds);
  expect(draws.slice(5, 10).sort()).toEqual(kinds);
  expect(draws.slice(5, 10)).not.toEqual(draws.slice(0, 5));
});
