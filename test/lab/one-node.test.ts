import assert from "node:assert/strict";
import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { after, before } from "node:test";
import { ofCampaign, timed } from "./budget";
import {
  drawPoint,
  interruptedRun,
  outcomeDifference,
  outcomeHash,
  readOutcome,
} from "./interruptions";
import { LabStack } from "./lab-stack";
import { expectFacts, readFacts } from "./machine-facts";
import { say } from "./say";
import { randomFrom, SEED } from "./seeded";
import { replicasAt } from "./whoami-probe";

// The example of one machine, made and deleted: undisturbed once, then, in a campaign, interrupted at points that follow
// from the seed.
//
// Reads: SWARMSTEAD_INTERRUPTIONS  cycles, of four points each (default 5)
//        SWARMSTEAD_SEED           the seed of an earlier run, to repeat its points
const CYCLES = Number(process.env.SWARMSTEAD_INTERRUPTIONS ?? 5);

type Verb = "up" | "destroy";
const WORDS: Readonly<Record<Verb, readonly string[]>> = {
  up: ["up"],
  destroy: ["destroy", "--yes"],
};

const lab = new LabStack();
const random = randomFrom(SEED);
/** How long each takes undisturbed, and where there is nothing left to do. */
const seconds = { up: 0, destroy: 0 };
const again = { up: 0, destroy: 0 };
/** Interruptions so far of a command that ran. */
let points = 0;
let undisturbed: string[] = [];

/**
 * Interrupts a command at a moment drawn within the length that it is likely to have. One that had ended by then was not
 * interrupted: it has to have ended well, and another moment is drawn, in half the length.
 *
 * @returns seconds until the interruption, and for a failure's message when it came and what had been printed
 */
async function interrupt(verb: Verb, length: number): Promise<{ after: number; text: string }> {
  const point = drawPoint(random, length);
  const after = point.afterMs / 1000;
  const { code, inTime, text } = await interruptedRun(lab, WORDS[verb], point);
  const at = `${verb}: ${point.signal} after ${after.toFixed(1)} s${inTime ? "" : " (had ended)"}, exit code ${String(code)}`;
  say(at);
  if (!inTime) {
    assert.equal(code, 0, `${at}\n${text}`);
    return interrupt(verb, length / 2);
  }
  points += 1;
  if (point.signal === "SIGINT") {
    // In its first second it ends by the signal itself, as there is nothing to be ended in order yet.
    assert.equal(code ?? 130, 130, `${at}\n${text}`);
    assert.ok(code === null || /interrupted; run \.\/swarmstead \w+ again/.test(text), text);
  }
  return { after, text: `${at}\n${text}` };
}

/** Interrupts a command, and the one that goes on from there; the next has to complete. */
async function interruptTwiceAndComplete(verb: Verb): Promise<void> {
  const first = await interrupt(verb, seconds[verb]);
  // What is done by then is not done again, but to find that out takes its time, too.
  const second = await interrupt(verb, Math.max(seconds[verb] - first.after, again[verb]));
  const next = await lab.run(...WORDS[verb]);
  say(`${verb}: then ${next.seconds.toFixed(0)} s, exit code ${String(next.code)}`);
  assert.equal(next.code, 0, `${next.text}\nbefore it:\n${first.text}\n${second.text}`);
}

function assertNothingLeft(): void {
  assert.deepEqual(lab.processes(), []);
  assert.equal(existsSync(join(lab.folder, ".swarmstead")), false);
}

before(() => {
  lab.edit("Pulumi.dev.yaml", () =>
    readFileSync(join(lab.folder, "examples/one-node.yaml"), "utf8"),
  );
  say(`SWARMSTEAD_SEED=${String(SEED)}, ${String(CYCLES * 4)} points in a campaign`);
});

after(async () => {
  const { code, text } = await lab.run("destroy", "--yes");
  // Its folder stays where it failed: the lab can be ended there.
  assert.equal(code, 0, text);
  lab.remove();
});

timed("one machine comes up, serves, stays as it is at a second up, and goes", async () => {
  seconds.up = (await lab.must("up")).seconds;
  const { machines, services } = await lab.status();
  assert.deepEqual(
    machines.map(({ name, swarm }) => [name, swarm]),
    [["node1", "leader"]],
  );
  assert.deepEqual(services, [{ name: "whoami_whoami", running: 2, desired: 2 }]);
  assert.equal((await replicasAt(machines[0]?.ports?.["8080"] ?? "")).size, 2);
  undisturbed = await readOutcome(lab, "node1");

  const before = await readFacts(lab, ["node1"]);
  again.up = (await lab.must("up")).seconds;
  await expectFacts(lab, before);

  seconds.destroy = (await lab.must("destroy", "--yes")).seconds;
  assertNothingLeft();
  again.destroy = (await lab.must("destroy", "--yes")).seconds;
  say(
    `up ${seconds.up.toFixed(0)} s, second ${again.up.toFixed(1)} s, destroy ${seconds.destroy.toFixed(0)} s, second ${again.destroy.toFixed(1)} s; outcome ${outcomeHash(undisturbed)}`,
  );
  assertNothingLeft();
});

for (let cycle = 1; cycle <= CYCLES; cycle += 1) {
  ofCampaign(
    `cycle ${String(cycle)}: up and destroy, each interrupted twice, complete when run again`,
    async () => {
      await interruptTwiceAndComplete("up");
      assert.deepEqual(outcomeDifference(undisturbed, await readOutcome(lab, "node1")), []);
      await interruptTwiceAndComplete("destroy");
      assertNothingLeft();
      assert.equal(points, cycle * 4);
    },
  );
}
