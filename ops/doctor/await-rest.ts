import { setTimeout as sleep } from "node:timers/promises";
import type { Problem } from "../cluster-status";
import type { Context } from "../context";
import { readStatus } from "../status";

const PAUSE_MS = 3000;

/** What a step can mend, and what has been there for so long, does not end by itself. */
const STAYS_SECONDS = 45;

function keyOf({ where, what }: Problem): string {
  return `${where}: ${what}`;
}

/**
 * Waits until the swarm is at rest: until its status is well, or something that a step can mend stays, or the deadline
 * has come. It only asks for the status, as an examination keeps the very machines busy that are on their way.
 *
 * @param deadline in milliseconds since 1970
 */
export async function awaitRest(
  context: Context,
  skipped: readonly string[],
  deadline: number,
): Promise<void> {
  let since = new Map<string, number>();
  let said = "";
  for (;;) {
    const { problems } = await readStatus(context);
    const now = Date.now();
    const left = problems.filter(({ where }) => !skipped.includes(where));
    since = new Map(left.map((problem) => [keyOf(problem), since.get(keyOf(problem)) ?? now]));
    const stays = left.some(
      (problem) =>
        problem.repair !== undefined &&
        now - (since.get(keyOf(problem)) ?? now) >= STAYS_SECONDS * 1000,
    );
    const [first] = left;
    if (!first || stays || now > deadline) {
      return;
    }
    if (said !== keyOf(first)) {
      said = keyOf(first);
      process.stderr.write(`waiting: ${said}\n`);
    }
    await sleep(PAUSE_MS);
  }
}
