import assert from "node:assert/strict";
import { setTimeout as sleep } from "node:timers/promises";
import { ofCampaign } from "./budget";
import { cause } from "./faults";
import type { LabStack } from "./lab-stack";
import { recordFaults, untilWritten, type Work, writeOn } from "./storage-writers";

/** A line beside a test's name. */
export function say(text: string): void {
  process.stderr.write(`      ${text}\n`);
}

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

/** What is set for a fast takeover, as Ceph has it by itself. */
const DEFAULTS =
  "ceph config rm mon mds_beacon_mon_down_grace && ceph config rm mds mds_reconnect_timeout";

async function loseOne(
  lab: LabStack,
  machines: readonly string[],
  victim: string,
  how: string,
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

/** Ceph's promises: whichever machine loses its power, and all of them. */
export function losePower(lab: LabStack, machines: readonly string[]): void {
  ofCampaign("ceph: the mount's client cannot administer", async () => {
    const said = await lab.on(
      "node1",
      `timeout 60 ceph --id swarm --keyring <(printf '[client.swarm]\\nkey = %s\\n' "$(cat /etc/ceph/swarm.secret)") auth ls 2>&1 || true`,
    );
    assert.match(said, /EACCES|access denied/);
  });

  for (const victim of machines) {
    ofCampaign(
      `ceph: ${victim} loses its power: no acknowledged record is lost, and it comes back whole`,
      () => loseOne(lab, machines, victim, ""),
    );
  }

  ofCampaign("ceph: the same at Ceph's own defaults, which are set back", async () => {
    const { storage } = await lab.status();
    const victim = storage?.activeMds ?? "";
    await lab.on(victim, DEFAULTS);
    await loseOne(lab, machines, victim, ", at Ceph's defaults");
    const { text } = await lab.must("up");
    assert.match(text, /Ceph setting mds_reconnect_timeout is not as it should be/);
  });

  ofCampaign("ceph: all lose their power, two come back and serve, then the third", async () => {
    await lab.must("power", "off", ...machines);
    await lab.must("power", "on", "node1", "node2");
    const started = Date.now();
    await lab.on(
      "node1",
      "timeout 900 bash -c 'until mountpoint -q /var/data && docker node ls >/dev/null 2>&1; do sleep 3; done'; cat /var/data/hello",
    );
    say(`two of three serve after ${((Date.now() - started) / 1000).toFixed(0)} s`);
    await lab.must("power", "on", "node3");
    say(`whole again after ${(await untilWhole(lab, 900)).toFixed(0)} s`);
  });
}
