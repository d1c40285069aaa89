import assert from "node:assert/strict";
import { FAILURE_ROWS, type FailureKind } from "../../../tools/failures/failure-rows";
import { timed } from "../budget";
import type { LabStack } from "../lab-stack";
import { runFault } from "./fault-run";
import type { Results } from "./results";
import { newRoute } from "./routes";

/** Longer than any failover that is right, on machines that are emulated; what is usual the campaign tells. */
const LIMIT_SECONDS = 60;

/** An isolated machine has given the address up by then: it has to miss its peers and the gateway first. */
const GIVE_UP_SECONDS = 15;

/** The quick ones first, as what comes last is left out first where the time is used up. */
const ORDER: readonly FailureKind[] = [
  "proxy-killed",
  "update",
  "drain",
  "traefik-killed",
  "traefik-hung",
  "cable",
  "docker",
  "reboot",
  "power",
];

/** Faults that no request may fail for: those that are planned, and a socket proxy that is gone while its routes are known. */
const fails = (fault: FailureKind): boolean =>
  !FAILURE_ROWS[fault].planned && fault !== "proxy-killed";

/** Each fault once: planned ones fail no request, others end in time. */
export function entrySmoke(lab: LabStack, results: Results): void {
  for (const fault of ORDER) {
    const promise = fails(fault)
      ? `a page is there again within ${String(LIMIT_SECONDS)} s`
      : "no request fails";
    timed(
      `the machine that holds the address: ${FAILURE_ROWS[fault].what}: ${promise}`,
      async () => {
        const outcome = await runFault(lab, "ours", fault, LIMIT_SECONDS);
        results.add(outcome);
        const { run } = outcome;
        const words = JSON.stringify(run, null, 2);
        assert.ok(run.isOver, words);
        assert.ok(run.longestSeconds < LIMIT_SECONDS, words);
        assert.ok(run.heldByNone < LIMIT_SECONDS, words);
        assert.ok(run.heldBySeveralReaching < LIMIT_SECONDS, words);
        if (!fails(fault)) {
          assert.equal(run.failed, 0, words);
        }
        if (fault === "cable") {
          const { gaveUpSeconds = Number.POSITIVE_INFINITY } = run;
          assert.ok(gaveUpSeconds < GIVE_UP_SECONDS, words);
        }
        if (fault === "proxy-killed") {
          await newRoute(lab);
        }
      },
    );
  }
}
