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
      `timeout 60 ceph --id swarm --keyring <(printf '[client.swarm]\\nkey = %s\\n' "$(cat /etc/ceph/swarm.secret)") auth ls 2>&1 || true`,
    );
    assert.match(said, /EACCES|access denied/);
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
