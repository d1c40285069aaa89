import { drawFaults } from "../../lab/drawn-faults";
import { FAULT_KINDS } from "../../lab/faults";

const MACHINES = ["node1", "node2", "node3"];

test("the faults of a run follow from its seed, every kind once", () => {
  const draws = drawFaults(42, MACHINES);
  expect(drawFaults(42, MACHINES)).toEqual(draws);
  expect(drawFaults(43, MACHINES)).not.toEqual(draws);
  expect(draws.map(({ kind }) => kind).sort()).toEqual([...FAULT_KINDS].sort());
  const all = Array.from({ length: 50 }, (_, seed) => drawFaults(seed, MACHINES)).flat();
  expect(new Set(all.map(({ machine }) => machine))).toEqual(new Set(MACHINES));
});
