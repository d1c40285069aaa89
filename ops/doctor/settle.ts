import { setTimeout as sleep } from "node:timers/promises";
import type { ClusterStatus, Problem } from "../cluster-status";
import type { Context } from "../context";
import type { Engine } from "../engine";
import { withProgress } from "../progress";
import { awaitRest } from "./await-rest";
import { diagnose, storedSteps } from "./diagnosis";
import { runSteps, stepsToMend } from "./mend";
import { renderFindings } from "./render-findings";

const PAUSE_MS = 3000;

/** What was just made or started is busy, and may take long to tell of itself. */
export const PATIENCE_SECONDS = 90;

/** How long what was just changed may take to settle, like a task that moves; what is wrong for good is told after it. */
export const SETTLE_LIMIT_SECONDS = 60;

export interface SettleOptions {
  /** Machines that are left as they are, and whose findings do not count. @default none */
  skipped?: readonly string[];
  /** How long what is wrong may take to end by itself, in seconds. @default 60 */
  limitSeconds?: number;
  /** Whether a finding is mended at first sight, and not only where it is there a second time. @default false */
  atOnce?: boolean;
  /** Whether machines have just booted, so that the swarm is awaited before the first look. @default false */
  restFirst?: boolean;
}

/** What is left after the settling. */
export interface Settled {
  status: ClusterStatus;
  /** What failed of the steps that were run, in their own words. */
  failures: readonly string[];
}

/**
 * Has what drifted mended, once, and looks until nothing is wrong or the limit is reached: what was just made, mended or
 * started may need a while, like a task that a node which came back has to give up.
 */
export async function settle(
  context: Context,
  engine: Engine,
  {
    skipped = [],
    limitSeconds = SETTLE_LIMIT_SECONDS,
    atOnce = false,
    restFirst = false,
  }: SettleOptions,
): Promise<Settled> {
  const steps = await storedSteps(context, engine);
  let deadline = Date.now() + limitSeconds * 1000;
  let before: readonly Problem[] = [];
  let mended = false;
  let failures: readonly string[] = [];
  if (restFirst) {
    await awaitRest(context, skipped, deadline);
  }
  for (let look = 1; ; look += 1) {
    const status = await withProgress("examining", () =>
      diagnose(context, steps, PATIENCE_SECONDS),
    );
    const problems = status.problems.filter(({ where }) => !skipped.includes(where));
    const certain = problems.filter(
      ({ where, what }) =>
        atOnce || before.some((other) => other.where === where && other.what === what),
    );
    const again = mended ? [] : stepsToMend(certain, steps);
    // A look at a machine that is too busy to tell may itself last until the deadline.
    const isOver = Date.now() > deadline && again.length === 0 && look > 1;
    if (problems.length === 0 || isOver) {
      return { status: { ...status, problems }, failures };
    }
    before = problems;
    if (again.length > 0) {
      mended = true;
      process.stdout.write(`${renderFindings(problems)}\nrepairing\n`);
      failures = await runSteps(context, engine, again);
      process.stderr.write(failures.map((failure) => `${failure}\n`).join(""));
      deadline = Math.max(deadline, Date.now() + SETTLE_LIMIT_SECONDS * 1000);
    } else {
      process.stderr.write(
        problems.map(({ where, what }) => `waiting: ${where}: ${what}\n`).join(""),
      );
      // The status may see nothing of what an examination finds, and what it finds twice counts as certain.
      await sleep(PAUSE_MS);
      await awaitRest(context, skipped, deadline);
    }
  }
}
