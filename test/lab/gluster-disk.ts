import assert from "node:assert/strict";
import { BRICK, DISK_UNIT } from "../../components/gluster/gluster-conf";
import type { LabStack } from "./lab-stack";
import { say } from "./say";
import { untilWhole } from "./storage-power";

/** A manager's disk is found empty, as one that was exchanged: `up` has the two others fill it, and nothing is lost. */
export async function loseDisk(lab: LabStack, victim: string): Promise<void> {
  await lab.on(
    victim,
    "dd if=/dev/urandom of=/var/data/filling bs=1M count=20 conv=fsync status=none",
  );
  const sum = (file: string): Promise<string> =>
    lab.on(victim, `sha256sum <${file} | cut -d ' ' -f 1`);
  const whole = await sum("/var/data/filling");
  await lab.on(
    victim,
    `systemctl stop glusterd ${DISK_UNIT} && dd if=/dev/zero of=/dev/disk/by-id/virtio-data bs=1M count=16 conv=fsync status=none && systemctl start glusterd`,
  );
  const { seconds } = await lab.must("up");
  say(`up with an empty disk ${seconds.toFixed(0)} s`);
  say(`whole again after ${(await untilWhole(lab, 600)).toFixed(0)} s`);
  assert.equal(await sum("/var/data/filling"), whole);
  assert.equal(await sum(`${BRICK}/filling`), whole);
}
