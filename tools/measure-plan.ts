// Measures how planning grows with the number of machines, under mocks: node --import tsx tools/measure-plan.ts
// Prints the median of five plans for each size in milliseconds, and the slope of a straight line through them.
import { plan, threeManagers } from "../test/support/plan";

const SIZES = [1, 3, 10, 25, 50, 100];
const RUNS = 5;

function environment(size: number): unknown {
  const machines = Object.fromEntries(
    Array.from({ length: size }, (_, index) => [
      `node${String(index + 1)}`,
      {
        role: index < 3 && size >= 3 ? "manager" : "worker",
        address: `10.77.0.${String(11 + index)}`,
      },
    ]),
  );
  const [first] = Object.values(machines);
  if (first && size < 3) {
    first.role = "manager";
  }
  return { ...threeManagers(), machines };
}

async function measure(size: number): Promise<{ milliseconds: number; resources: number }> {
  const times: number[] = [];
  let resources = 0;
  for (let run = 0; run < RUNS; run += 1) {
    const started = performance.now();
    resources = (await plan(environment(size))).length;
    times.push(performance.now() - started);
  }
  const milliseconds = times.sort((a, b) => a - b)[Math.floor(RUNS / 2)] ?? 0;
  return { milliseconds, resources };
}

async function main(): Promise<void> {
  await plan(environment(3));
  const rows: { size: number; milliseconds: number; resources: number }[] = [];
  for (const size of SIZES) {
    const row = { size, ...(await measure(size)) };
    rows.push(row);
    process.stdout.write(
      `| ${String(size)} | ${String(row.resources)} | ${row.milliseconds.toFixed(0)} |\n`,
    );
  }
  const mean = (values: readonly number[]): number =>
    values.reduce((sum, value) => sum + value, 0) / values.length;
  const x = mean(rows.map(({ size }) => size));
  const y = mean(rows.map(({ milliseconds }) => milliseconds));
  const covariance = mean(rows.map((row) => (row.size - x) * (row.milliseconds - y)));
  const slope = covariance / mean(rows.map(({ size }) => (size - x) ** 2));
  process.stdout.write(
    `slope ${slope.toFixed(1)} ms a machine, ${(y - slope * x).toFixed(0)} ms for none\n`,
  );
}

void main();
