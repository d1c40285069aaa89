import assert from "node:assert/strict";
import {
  FAILURE_KINDS,
  FAILURE_ROWS,
  type FailureKind,
} from "../../../tools/failures/failure-rows";
import type { SettingsName } from "../../../tools/failures/failure-run";
import { medianRun, runsOf } from "../../../tools/failures/summary";
import { ofCampaign } from "../budget";
import type { LabStack } from "../lab-stack";
import { say } from "../say";
import { runFault } from "./fault-run";
import type { Results } from "./results";
import { leaveSeedsSettings, useSeedsSettings } from "./seeds-settings";

/** Runs of each fault. */
const RUNS = Number(process.env.SWARMSTEAD_RUNS ?? 5);

/** How long pages are waited for before a fault is ended: with the seeds' settings some never come while it lasts. */
const WAIT_SECONDS = 180;

/** So long a time without a page may be no more than slow answers. */
const UNSEEN_SECONDS = 1;

function measure(
  lab: LabStack,
  results: Results,
  settings: SettingsName,
  fault: FailureKind,
): void {
  ofCampaign(`${settings}: ${FAILURE_ROWS[fault].what}, ${String(RUNS)} times`, async () => {
    // What has been measured once already counts.
    while (runsOf(results.all, settings, fault).length < RUNS) {
      results.add(await runFault(lab, settings, fault, WAIT_SECONDS));
    }
  });
}

/** Every fault several times, with our settings and with the seeds' on the same machines, and what it comes to. */
export function entryCampaign(lab: LabStack, results: Results): void {
  for (const fault of FAILURE_KINDS) {
    measure(lab, results, "ours", fault);
  }
  ofCampaign("the seeds' settings take the place of ours", () => useSeedsSettings(lab));
  for (const fault of FAILURE_KINDS) {
    measure(lab, results, "seeds", fault);
  }
  ofCampaign("up brings our settings back", () => leaveSeedsSettings(lab));

  ofCampaign(
    "planned faults fail no request, and others half as long as with the seeds' settings",
    () => {
      say(`results: ${results.folder}`);
      const faults = FAILURE_KINDS.flatMap((fault) => {
        const own = runsOf(results.all, "ours", fault);
        const ours = medianRun(own);
        const seeds = medianRun(runsOf(results.all, "seeds", fault));
        const failed = own.map((run) => run.failed);
        assert.ok(ours && seeds, `${fault}: was not measured`);
        if (FAILURE_ROWS[fault].planned) {
          return failed.some((count) => count > 0) ? [`${fault}: ${failed.join(", ")} failed`] : [];
        }
        const limit = Math.max(UNSEEN_SECONDS, seeds.longestSeconds / 2);
        const shown = `${ours.longestSeconds.toFixed(1)} s, the seeds' ${seeds.longestSeconds.toFixed(1)} s`;
        return ours.longestSeconds <= limit ? [] : [`${fault}: ${shown}`];
      });
      assert.deepEqual(faults, []);
      return Promise.resolve();
    },
  );
}
