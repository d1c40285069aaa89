import assert from "node:assert/strict";
import { setTimeout as sleep } from "node:timers/promises";
import type { StorageKind } from "../../ops/storage-view";
import { ofCampaign } from "./budget";
import { cause } from "./faults";
import type { LabStack } from "./lab-stack";
import { say } from "./say";
import { recordFaults, untilWritten, type Work, writeOn } from "./storage-writers";

/** Waits until the storage is whole again, with no command. */
export async function untilWhole(lab: LabStack, limitSeconds: number): Promise<number> {
  const started = Date.now();
  for (;;) {
    const status = await lab.status();
    const seconds = (Date.now() - started) / 1000;
    if (status.problems.length === 0 && status.storage?.degraded === false) {
      return seconds;
    }
    assert.ok(seconds < limitSeconds, JSON.stringify(status, null, 2));
  }
}

/**
 * A machine loses its power while all write, and gets it back.
 *
 * @param how what is told of it beside its place
 */
export async function loseOne(
  lab: LabStack,
  machines: readonly string[],
  victim: string,
  how = "",
): Promise<void> {
  const { storage, machines: all } = await lab.status();
  const place = all.find(({ name }) => name === victim)?.swarm ?? "";
  const writers = await writeOn(lab, machines, ["append", "replace"]);
  const fault = await cause(lab, "power", victim);
  // Who writes may go on for a moment before the metadata server is missed.
  await sleep(90_000);
  await untilWritten(
    writers.filter(({ machine }) => machine !== victim),
    20,
    400,
  );
  const written = await Promise.all(writers.map((writer) => writer.end()));
  const alive = written.filter(({ machine }) => machine !== victim);
  for (const each of written) {
    assert.deepEqual(await recordFaults(lab, alive[0]?.machine ?? "", each), []);
  }
  const stalls = (wanted: Work): string =>
    alive
      .filter(({ work }) => work === wanted)
      .map(({ longestStall }) => longestStall.toFixed(1))
      .join(", ");
  const mds = storage?.activeMds === victim ? ", active MDS" : "";
  say(
    `${victim} (${place}${mds}${how}): stalls of appends ${stalls("append")} s, of new files ${stalls("replace")} s`,
  );
  await fault.undo();
  say(`whole again after ${(await untilWhole(lab, 900)).toFixed(0)} s`);
}

/**
 * What a storage on the machines' own disks promises: whichever machine loses its power, and all of them.
 *
 * @param machines two managers first
 */
export function losePower(lab: LabStack, kind: StorageKind, machines: readonly string[]): void {
  const [first = "", second = "", ...others] = machines;
  for (const victim of machines) {
    ofCampaign(
      `${kind}: ${victim} loses its power: no acknowledged record is lost, and it comes back whole`,
      () => loseOne(lab, machines, victim),
    );
  }

  ofCampaign(`${kind}: all lose their power, two come back and serve, then the rest`, async () => {
    await lab.must("power", "off", ...machines);
    await lab.must("power", "on", first, second);
    const started = Date.now();
    const served = `grep -q ' /var/data ' /proc/self/mounts && docker node ls >/dev/null 2>&1 && cat /var/data/hello`;
    let said = "";
    while (said !== "hello") {
      assert.ok(Date.now() - started < 900_000, said);
      // It may not even answer yet.
      said = await lab.on(first, `timeout 30 bash -c ${JSON.stringify(served)}`).catch(String);
    }
    say(`two of three serve after ${((Date.now() - started) / 1000).toFixed(0)} s`);
    await lab.must("power", "on", ...others);
    say(`whole again after ${(await untilWhole(lab, 900)).toFixed(0)} s`);
  });
}
