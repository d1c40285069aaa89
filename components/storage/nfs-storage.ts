import * as pulumi from "@pulumi/pulumi";
import type { Machine } from "../machine/machine";
import type { MountSpec } from "./mount-conf";
import { mountOn, type SharedStorage } from "./storage";

/** The one port of NFS 4. */
export const NFS_PORT = 2049;

export interface NfsExport {
  /** The server's IPv4 address or host name. */
  server: string;
  /** The folder that it exports. */
  path: string;
  /** Version of the protocol, `4.0` to `4.2`. */
  version: string;
}

export interface NfsStorageArgs extends NfsExport {
  machines: readonly Machine[];
  /** What must be done on a machine before, by its name. */
  ready: Readonly<Record<string, pulumi.Resource>>;
}

/**
 * How a machine mounts the folder. `hard` is the default, and here on purpose: while the server is away, whoever writes
 * waits for it, where `soft` would tell programs of errors that most of them do not expect, and lose what they wrote
 * (https://manpages.debian.org/trixie/nfs-common/nfs.5.en.html).
 */
export function nfsMountSpec({ server, path, version }: NfsExport): MountSpec {
  return {
    type: "nfs",
    source: `${server}:${path}`,
    options: [`vers=${version}`, "hard", "noatime", "_netdev"],
    after: [],
  };
}

/** A folder of a server that is not ours, mounted on every machine. */
export class NfsStorage extends pulumi.ComponentResource implements SharedStorage {
  public readonly mounted: Readonly<Record<string, pulumi.Resource>>;

  constructor(name: string, args: NfsStorageArgs, opts?: pulumi.ComponentResourceOptions) {
    super("swarmstead:storage:NfsStorage", name, {}, opts);
    const spec = pulumi.output(nfsMountSpec(args));
    this.mounted = Object.fromEntries(
      args.machines.map((machine) => {
        const before = args.ready[machine.name];
        return [
          machine.name,
          mountOn(machine, spec, { parent: this, dependsOn: before ? [before] : [] }),
        ];
      }),
    );
    this.registerOutputs();
  }
}
