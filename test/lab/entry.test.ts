import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { after, before, test } from "node:test";
import { timed } from "./budget";
import { entryCampaign } from "./entry/campaign";
import { changesNothing, entryContract } from "./entry/contract";
import { drawnEntryFaults } from "./entry/drawn";
import { EXAMPLE } from "./entry/environment";
import { Results } from "./entry/results";
import { settle } from "./entry/settle";
import { entrySmoke } from "./entry/smoke";
import { socketProxy } from "./entry/socket";
import { tlsProfile } from "./entry/tls-profile";
import { LabStack } from "./lab-stack";
import { say } from "./say";
import { SEED } from "./seeded";

// One address in front of three managers: what it promises where nothing fails, each fault of the machine that holds it, and
// in a campaign all of them several times, next to the settings that the seeds tell of.
//
// Reads: SWARMSTEAD_RUNS       runs of each fault in a campaign (default 5)
//        SWARMSTEAD_DRAWS      random faults in a campaign (default 20)
//        SWARMSTEAD_LOAD_RATE  requests a second from the visitor (default 20)
//        SWARMSTEAD_SEED       the seed of an earlier run, to repeat its random faults
const lab = new LabStack();
const results = new Results(lab);

before(() => {
  say(`SWARMSTEAD_SEED=${String(SEED)}`);
  lab.edit("Pulumi.dev.yaml", () => readFileSync(join(lab.folder, EXAMPLE), "utf8"));
});

after(async () => {
  const { code, text } = await lab.run("destroy", "--yes");
  // Its folder stays where it failed: the lab can be ended there.
  assert.equal(code, 0, text);
  lab.remove();
});

test("an environment with an entry comes up", async () => {
  const { seconds } = await lab.must("up");
  say(`up ${seconds.toFixed(0)} s, held by ${await settle(lab)}`);
});

for (const [name, body] of entryContract(lab)) {
  timed(name, body);
}
socketProxy(lab);
tlsProfile(lab);
entrySmoke(lab, results);
timed("a second up changes nothing after the address has moved", () => changesNothing(lab));
drawnEntryFaults(lab, results);
entryCampaign(lab, results);
