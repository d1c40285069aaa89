import assert from "node:assert/strict";
import { setTimeout as sleep } from "node:timers/promises";
import { ofCampaign } from "./budget";
import { cause, putEmptyDisk } from "./faults";
import type { LabStack } from "./lab-stack";
import { say } from "./say";
import { untilWhole } from "./storage-power";
import type { RealApp } from "./wordpress";

/** Ceph's daemons of a machine, each with its process. */
const DAEMONS =
  "systemctl list-units --plain --no-legend 'ceph-*@*.service' | awk '{print $1}' | xargs -r systemctl show --property Id,MainPID,ActiveState";

/** A machine that Ceph's packets no longer reach or leave; SSH and Swarm go on. */
const CUT = `nft -f - <<'RULES'
table inet storage-fault {
  chain input { type filter hook input priority -300; iif lo accept; tcp dport { 3300, 6789, 6800-7568 } drop; tcp sport { 3300, 6789, 6800-7568 } drop; }
  chain output { type filter hook output priority -300; oif lo accept; tcp dport { 3300, 6789, 6800-7568 } drop; tcp sport { 3300, 6789, 6800-7568 } drop; }
}
RULES`;

/** Nothing may ever lie under the mount. */
const BARE =
  "mkdir -p /run/bare && mount --bind / /run/bare && ls -A /run/bare/var/data; umount /run/bare";

/** The machine that has the database, as that keeps its files open, loses sight of them. */
async function cutFromStorage(lab: LabStack, app: RealApp, minutes: number): Promise<void> {
  const victim = await app.databaseNode();
  await lab.on(victim, CUT);
  await sleep(minutes * 60_000);
  const { storage } = await lab.status();
  assert.equal(storage?.degraded, true, JSON.stringify(storage));
  await lab.on(victim, "nft delete table inet storage-fault");
  say(`whole again after ${(await untilWhole(lab, 900)).toFixed(0)} s`);
  const started = Date.now();
  await lab.on(victim, "timeout 300 bash -c 'until cat /var/data/hello; do sleep 2; done'");
  say(`its files are there again ${((Date.now() - started) / 1000).toFixed(0)} s after that`);
  assert.equal(await lab.on(victim, BARE), "", "nothing is written under the mountpoint");
  say(`pages are there again ${(await app.readAll()).toFixed(0)} s after that`);
  await app.checkTables();
}

/**
 * Ceph's promises where less than a whole machine fails.
 *
 * @param app has a database on the storage
 */
export function failInPart(lab: LabStack, app: RealApp, victim: string): void {
  ofCampaign("ceph: its daemons do not notice that Docker is restarted", async () => {
    const before = await lab.on(victim, DAEMONS);
    assert.match(before, /ceph-osd@/);
    await lab.on(victim, "systemctl restart docker && cat /var/data/hello");
    assert.equal(await lab.on(victim, DAEMONS), before);
  });

  // Ceph shuts a client out that it has not heard of for five minutes.
  for (const minutes of [4, 7]) {
    ofCampaign(
      `ceph: the database's machine is cut from the storage for ${String(minutes)} minutes, and it is whole after that`,
      () => cutFromStorage(lab, app, minutes),
    );
  }

  ofCampaign("ceph: a disk fails, is told of, and an empty one takes its place", async () => {
    await cause(lab, "disk", victim);
    const started = Date.now();
    for (;;) {
      // A daemon without work does not miss its disk.
      await lab.on(victim, "date >/var/data/runtime/beat && sync /var/data/runtime/beat");
      const { storage, problems } = await lab.status();
      const told = problems.find(({ what }) => what.includes(victim) && what.includes("OSD_DOWN"));
      if (told && storage?.degraded === true) {
        break;
      }
      assert.ok(Date.now() - started < 300_000, JSON.stringify({ storage, problems }, null, 2));
      await sleep(2000);
    }
    say(`told of after ${((Date.now() - started) / 1000).toFixed(0)} s`);
    assert.equal(await lab.on(victim, "cat /var/data/hello"), "hello");
    await putEmptyDisk(lab, victim);
    const { seconds } = await lab.must("up");
    say(`up with an empty disk ${seconds.toFixed(0)} s`);
    say(`whole again after ${(await untilWhole(lab, 900)).toFixed(0)} s`);
    assert.equal(await lab.on(victim, "cat /var/data/hello"), "hello");
  });
}
