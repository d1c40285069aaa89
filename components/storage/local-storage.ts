import { join } from "node:path";
import * as pulumi from "@pulumi/pulumi";
import { RemoteScript } from "../lib/remote-script";
import type { Machine } from "../machine/machine";
import { MOUNT_POINT } from "./mount-conf";
import type { SharedStorage } from "./storage";

export interface LocalStorageArgs {
  /** The only machine. */
  machines: readonly Machine[];
  /** What must be done on it before, by its name. */
  ready: Readonly<Record<string, pulumi.Resource>>;
}

/** A folder of the only machine in the place of shared storage: the same layout, and its loss is the data's loss. */
export class LocalStorage extends pulumi.ComponentResource implements SharedStorage {
  public readonly mounted: Readonly<Record<string, pulumi.Resource>>;

  constructor(name: string, args: LocalStorageArgs, opts?: pulumi.ComponentResourceOptions) {
    super("swarmstead:storage:LocalStorage", name, {}, opts);
    const file = join(__dirname, "scripts/set-folders.sh");
    const values = { FOLDERS: `${MOUNT_POINT} root:root 755` };
    this.mounted = Object.fromEntries(
      args.machines.map((machine) => {
        const before = args.ready[machine.name];
        const opts = { parent: this, dependsOn: before ? [before] : [] };
        return [
          machine.name,
          new RemoteScript(`${machine.name}-storage`, { machine, file, values }, opts),
        ];
      }),
    );
    this.registerOutputs();
  }
}
