import { setTimeout as sleep } from "node:timers/promises";
import type { ClusterStatus, Problem } from "../cluster-status";
import type { Context } from "../context";
import type { Engine } from "../engine";
import { withProgress } from "../progress";
import { diagnose, storedSteps } from "./diagnosis";
import { runSteps, stepsToMend } from "./mend";
import { renderFindings } from "./render-findings";

const PAUSE_MS = 3000;

/** What was just made or started is busy, and may take long to tell of itself. */
export const PATIENCE_SECONDS = 90;

/**
 * Has what drifted mended, and looks until nothing is wrong or the limit is reached. What was just made or started may
 * need a while, so a finding is mended only where it is there a second time.
 */
export async function settle(
  context: Context,
  engine: Engine,
  { skipped, limitSeconds }: { skipped: readonly string[]; limitSeconds: number },
): Promise<ClusterStatus> {
  const steps = await storedSteps(context, engine);
  const deadline = Date.now() + limitSeconds * 1000;
  let before: readonly Problem[] = [];
  let mended = false;
  for (;;) {
    const status = await withProgress("examining", () =>
      diagnose(context, steps, PATIENCE_SECONDS),
    );
    const problems = status.problems.filter(({ where }) => !skipped.includes(where));
    const again = stepsToMend(
      problems.filter(({ where, what }) =>
        before.some((other) => other.where === where && other.what === what),
      ),
      steps,
    );
    if (problems.length === 0 || (Date.now() > deadline && (mended || again.length === 0))) {
      return { ...status, problems };
    }
    before = problems;
    const [first] = problems;
    if (again.length > 0 && !mended) {
      mended = true;
      process.stdout.write(`${renderFindings(problems)}\nrepairing\n`);
      const failures = await runSteps(context, engine, again);
      process.stderr.write(failures.map((failure) => `${failure}\n`).join(""));
    } else {
      process.stderr.write(`waiting: ${first?.where ?? ""}: ${first?.what ?? ""}\n`);
      await sleep(PAUSE_MS);
    }
  }
}
