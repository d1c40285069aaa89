import { join } from "node:path";
import * as pulumi from "@pulumi/pulumi";
import { DISKS_LIBRARY, RemoteScript } from "../lib/remote-script";
import type { Machine } from "../machine/machine";

/** What storage takes of a machine. */
export interface StorageShare {
  /** Its disks, a line `<device> <id>` each; the id is what tells that a disk has been taken already. */
  disks: pulumi.Input<string>;
  /** Path of the script that defines `is_ours DEVICE ID`: whether the disk has been taken already. */
  ownership: string;
  /** Programs that this takes, and the Debian package of each. */
  programs: Readonly<Record<string, string>>;
  /** Names of disks under `/dev/disk/by-id` that may be erased whatever is on them. */
  wipe: readonly string[];
  /** Memory that the machine must have, in MiB. */
  memoryMiB: number;
}

export interface FirstContactArgs {
  machine: Machine;
  /** Programs that it needs beside those of every machine, and the Debian package of each. */
  programs: Readonly<Record<string, string>>;
  /** Servers that it needs, each `<host> <TCP port>`. */
  servers: readonly string[];
  /** What storage takes of it. @default nothing */
  share?: StorageShare | undefined;
}

/**
 * Asks a machine whether it is the one that was meant, with what the layers above need. Changes nothing on it; nothing is
 * changed on any machine before each has answered.
 */
export function firstContact({
  machine,
  programs,
  servers,
  share,
}: FirstContactArgs): RemoteScript {
  return new RemoteScript(
    `${machine.name}-contact`,
    {
      machine,
      libraries: [DISKS_LIBRARY, ...(share ? [share.ownership] : [])],
      file: join(__dirname, "scripts/first-contact.sh"),
      values: {
        NAME: machine.name,
        ADDRESS: machine.privateIp,
        PROGRAMS: Object.entries({ ...programs, ...share?.programs })
          .map((pair) => pair.join(" "))
          .join("\n"),
        SERVERS: servers.join("\n"),
        MEMORY_MIB: String(share?.memoryMiB ?? 0),
        DISKS: share?.disks ?? "",
        WIPE: share?.wipe.join(" ") ?? "",
      },
    },
    {
      dependsOn: machine.resource,
      // Earlier states have it as a part of the machine's host layer.
      aliases: [{ parent: pulumi.createUrn(machine.name, "swarmstead:host:Host") }],
    },
  );
}
