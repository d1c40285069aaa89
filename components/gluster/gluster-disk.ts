import { join } from "node:path";
import * as pulumi from "@pulumi/pulumi";
import type { Machine } from "../machine/machine";
import { brickUuid } from "./gluster-ids";

/** What steps know this machine's brick by: `is_ours DEVICE UUID`. */
export const BRICKS_LIBRARY = join(__dirname, "scripts/bricks.sh");

/** The disk that holds a manager's copy: the first of its own. */
export function brickDevice({ dataDevices: [device = ""] }: Machine): string {
  return device;
}

/** The same for its steps: `<device> <uuid of the file system>`. A preview has to show it. */
export function brickDisk(seed: pulumi.Output<string>, machine: Machine): pulumi.Output<string> {
  const { name, generation } = machine;
  const device = brickDevice(machine);
  return pulumi.unsecret(
    seed.apply((text) => `${device} ${brickUuid(text, name, generation, device)}`),
  );
}
