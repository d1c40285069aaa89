import assert from "node:assert/strict";
import { setTimeout as sleep } from "node:timers/promises";
import { FAILURE_ROWS } from "../../../tools/failures/failure-rows";
import { ofCampaign } from "../budget";
import { drawFaults } from "../drawn-faults";
import { cause } from "../faults";
import type { LabStack } from "../lab-stack";
import { loadFigures } from "../load-figures";
import { say } from "../say";
import { SEED } from "../seeded";
import { ENTRY_FAULTS, findPlace } from "./entry-faults";
import { MACHINES } from "./environment";
import { holderFigures } from "./holder-figures";
import { observe, rawOf } from "./observe";
import type { Results } from "./results";
import { settle } from "./settle";

const COUNT = Number(process.env.SWARMSTEAD_DRAWS ?? 20);
const LASTS_SECONDS = 30;
const AFTER_SECONDS = 30;
const WAIT_SECONDS = 60;

/** What an election and a look at Traefik take, with much to spare for machines that are emulated. */
const FAILOVER_SECONDS = 15;

/** Faults of a whole machine; the disk for shared storage is none of the entry's. */
const OF_MACHINES = ["link", "one-way", "freeze", "clock"] as const;

/** Those that the entry's parts have as well, on any machine, whether it holds the address or not. */
const OF_PARTS = [
  "power",
  "docker",
  "traefik-killed",
  "traefik-hung",
  "proxy-killed",
  "reboot",
] as const;

type OfMachine = (typeof OF_MACHINES)[number];
type OfPart = (typeof OF_PARTS)[number];

const isOfMachine = (kind: OfMachine | OfPart): kind is OfMachine =>
  OF_MACHINES.some((each) => each === kind);

async function bring(
  lab: LabStack,
  kind: OfMachine | OfPart,
  machine: string,
): Promise<() => Promise<unknown>> {
  if (isOfMachine(kind)) {
    return (await cause(lab, kind, machine)).undo;
  }
  // Its victim is whoever is said to hold the address.
  return ENTRY_FAULTS[kind](lab, await findPlace(lab, machine));
}

/**
 * Whatever befalls any machine: while one is well somebody holds the address, and no two hold it that a visitor could reach,
 * for longer than a failover; and pages come again without a hand.
 */
export function drawnEntryFaults(lab: LabStack, results: Results): void {
  const kinds = [...OF_MACHINES, ...OF_PARTS];
  for (const [index, { kind, machine }] of drawFaults(SEED, MACHINES, kinds, COUNT).entries()) {
    const what = isOfMachine(kind) ? kind : FAILURE_ROWS[kind].what;
    ofCampaign(
      `drawn ${String(index + 1)}: ${machine}: ${what}: one machine holds the address`,
      async () => {
        const holder = await settle(lab);
        const seen = await observe(lab, async (load) => {
          const from = Date.now() / 1000;
          const undo = await bring(lab, kind, machine);
          let isServed = false;
          try {
            await sleep(LASTS_SECONDS * 1000);
            isServed = await load.untilServed(5, WAIT_SECONDS);
          } finally {
            await undo();
          }
          await sleep(AFTER_SECONDS * 1000);
          return { from, to: Date.now() / 1000, isServed };
        });
        const { isServed, ...within } = seen.result;
        const held = holderFigures(Object.values(seen.samples), within);
        const { longestSeconds, failed, requests } = loadFigures(seen.log, seen.first);
        say(
          `${machine}${machine === holder ? ", which held it" : ""}: ${what}: held by none ${held.none.toFixed(1)} s, by several ${held.several.toFixed(1)} s, of which reach the gateway ${held.severalReaching.toFixed(1)} s; no page for ${longestSeconds.toFixed(1)} s, failed ${String(failed)} of ${String(requests)}`,
        );
        const drawn = { what, machine, wasHolder: machine === holder };
        results.addDrawn(
          {
            ...drawn,
            longestSeconds,
            requests,
            failed,
            heldByNone: held.none,
            heldBySeveral: held.several,
            heldBySeveralReaching: held.severalReaching,
          },
          rawOf(seen),
        );
        assert.ok(isServed, "pages come while the fault lasts");
        assert.ok(held.none < FAILOVER_SECONDS, JSON.stringify(held));
        assert.ok(held.severalReaching < FAILOVER_SECONDS, JSON.stringify(held));
      },
    );
  }
}
