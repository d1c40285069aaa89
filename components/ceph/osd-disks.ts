import { join } from "node:path";
import * as pulumi from "@pulumi/pulumi";
import { DISKS_LIBRARY } from "../lib/remote-script";
import type { Machine } from "../machine/machine";
import { osdUuid } from "./cephx";

/** What steps know this machine's OSDs by: `is_ours DEVICE UUID` and the like. */
export const OSDS_LIBRARY = join(__dirname, "scripts/osds.sh");

/** How Python programs of a step reach the monitors. */
export const MONITORS_LIBRARY = join(__dirname, "scripts/monitors.sh");

/** What the step that makes OSDs needs. */
export const OSD_LIBRARIES: readonly string[] = [
  DISKS_LIBRARY,
  OSDS_LIBRARY,
  MONITORS_LIBRARY,
  join(__dirname, "scripts/register-osd.sh"),
];

/** A machine's disks for its steps: a line `<device> <uuid of the OSD>` each. A preview has to show them. */
export function osdDisks(
  seed: pulumi.Output<string>,
  { name, generation, dataDevices }: Machine,
): pulumi.Output<string> {
  return pulumi.unsecret(
    seed.apply((text) =>
      dataDevices.map((disk) => `${disk} ${osdUuid(text, name, generation, disk)}`).join("\n"),
    ),
  );
}
