import type { Problem } from "../cluster-status";
import type { Context } from "../context";
import type { Engine } from "../engine";
import { withProgress } from "../progress";
import { runStep, type StoredStep } from "../stored-steps";

/** The steps that mend what was found, in the order in which they were made: a machine's all, or the one that is named. */
export function stepsToMend(
  problems: readonly Problem[],
  steps: readonly StoredStep[],
): StoredStep[] {
  const wanted = new Set(problems.flatMap(({ repair }) => repair ?? []));
  return steps.filter(({ name, machine = "" }) => wanted.has(name) || wanted.has(machine));
}

/**
 * Runs stored steps again, one after the other. Where one fails, the rest of its machine's are left out; others go on.
 *
 * @returns what failed, in the steps' own words
 */
export async function runSteps(
  context: Context,
  engine: Engine,
  steps: readonly StoredStep[],
): Promise<string[]> {
  const failures: string[] = [];
  const broken = new Set<string>();
  for (const step of steps) {
    const group = step.machine ?? step.name;
    if (broken.has(group)) {
      process.stdout.write(`${step.name}: left out\n`);
      continue;
    }
    try {
      await withProgress(step.name, () => runStep(engine, context.sshConfig, step));
      process.stdout.write(`${step.name}: ran\n`);
    } catch (error) {
      broken.add(group);
      failures.push((error as Error).message);
      process.stdout.write(`${step.name}: failed\n`);
    }
  }
  return failures;
}
