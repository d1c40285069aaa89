import { join } from "node:path";
import type * as pulumi from "@pulumi/pulumi";
import { RemoteScript } from "../lib/remote-script";
import type { Machine } from "../machine/machine";
import {
  MOUNT_POINT,
  MOUNT_PROGRAM,
  type MountSpec,
  renderDockerDropIn,
  renderMountProgram,
  renderStorageUnit,
  STORAGE_SERVICE,
} from "./mount-conf";

const MOUNT_SCRIPT = join(__dirname, "scripts/set-mount.sh");

/** Three machines that were just made need minutes for their first quorum where a processor is emulated. */
const MOUNT_TIMEOUT_SECONDS = 600;

/** What every kind of shared storage is to the layers above: `/var/data`, the same on every machine. */
export interface SharedStorage {
  /** What must exist before a machine runs anything that needs the storage, by the machine's name. */
  readonly mounted: Readonly<Record<string, pulumi.Resource>>;
}

/** Mounts the storage on a machine, at every boot before Docker starts. The step is `<machine>-storage`. */
export function mountOn(
  machine: Machine,
  spec: pulumi.Output<MountSpec>,
  opts: pulumi.CustomResourceOptions,
): RemoteScript {
  const values = {
    MOUNT_POINT,
    PROGRAM: spec.apply(renderMountProgram),
    PROGRAM_PATH: MOUNT_PROGRAM,
    SERVICE: STORAGE_SERVICE,
    UNIT: spec.apply(renderStorageUnit),
    DOCKER_DROP_IN: renderDockerDropIn(),
    TIMEOUT_SECONDS: String(MOUNT_TIMEOUT_SECONDS),
  };
  return new RemoteScript(`${machine.name}-storage`, { machine, file: MOUNT_SCRIPT, values }, opts);
}
