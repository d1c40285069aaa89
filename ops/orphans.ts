import { UserError } from "../components/lib/user-error";
import { withProgress } from "./progress";
import { awaitEnd, type RunProcess, runProcesses, signalAll } from "./run-processes";

/** How long each way of ending them gets, in seconds. */
export interface OrphanLimits {
  /** For what ends by itself: the engine is asked by the kernel when its launcher dies, and has its steps ended. */
  byThemselves: number;
  /** For what was asked to end. */
  asked: number;
  /** For what was killed. */
  killed: number;
}

const LIMITS: OrphanLimits = { byThemselves: 20, asked: 20, killed: 10 };

/**
 * Waits until nothing acts on the stack any more of runs whose launcher was killed, and ends what does not end by itself.
 * What belongs to a launcher that is alive is left alone.
 *
 * @throws {UserError} naming the processes that could not be ended
 */
export async function awaitOrphans(state: string, limits: OrphanLimits = LIMITS): Promise<void> {
  const find = (): RunProcess[] => runProcesses(state).filter(({ led }) => !led);
  if (find().length === 0) {
    return;
  }
  process.stderr.write("waiting for what an interrupted run has left to end\n");
  await withProgress("waiting for what an interrupted run has left to end", async (report) => {
    let left = await awaitEnd(find, limits.byThemselves);
    for (const [signal, limit] of [
      ["SIGTERM", limits.asked],
      ["SIGKILL", limits.killed],
    ] as const) {
      if (left.length > 0) {
        report(`${signal} to ${left.map(({ pid }) => String(pid)).join(", ")}`);
        signalAll(left, signal);
        left = await awaitEnd(find, limit);
      }
    }
    if (left.length > 0) {
      const pids = left.map(({ pid }) => String(pid)).join(", ");
      throw new UserError(
        `processes ${pids} of an interrupted run do not end; end them (kill -9 ${pids.replaceAll(",", "")}), then run this again`,
      );
    }
  });
}
