import assert from "node:assert/strict";
import { ofCampaign } from "./budget";
import type { LabStack } from "./lab-stack";
import { loseOne, losePower } from "./storage-power";

/** What is set for a fast takeover, as Ceph has it by itself. */
const DEFAULTS =
  "ceph config rm mon mds_beacon_mon_down_grace && ceph config rm mds mds_reconnect_timeout";

/** Ceph's promises: whichever machine loses its power, and all of them. */
export function losePowerWithCeph(lab: LabStack, machines: readonly string[]): void {
  ofCampaign("ceph: the mount's client cannot administer", async () => {
    const said = await lab.on(
      "node1",
      `umask 077
printf '[client.swarm]\\nkey = %s\\n' "$(cat /etc/ceph/swarm.secret)" >/run/swarm.keyring
for what in fsid "auth ls" "osd set noout" "config set client debug_ms 0/0"; do timeout 60 ceph --id swarm --keyring /run/swarm.keyring $what 2>&1 || true; done
rm /run/swarm.keyring`,
    );
    const answers = said.split("\n");
    assert.match(answers[0] ?? "", /^[0-9a-f-]{36}$/, said);
    assert.equal(answers.filter((line) => line.includes("EACCES")).length, 3, said);
  });

  losePower(lab, "ceph", machines);

  ofCampaign("ceph: one loses it at Ceph's own defaults, which are set back", async () => {
    const { storage } = await lab.status();
    const victim = storage?.activeMds ?? "";
    await lab.on(victim, DEFAULTS);
    await loseOne(lab, machines, victim, ", at Ceph's defaults");
    const { text } = await lab.must("up");
    assert.match(text, /Ceph setting mds_reconnect_timeout is not as it should be/);
  });
}
