import { join } from "node:path";
import { remote } from "@pulumi/command";
import * as pulumi from "@pulumi/pulumi";
import type { Machine } from "../machine/machine";
import { scriptText, stamped } from "./shell";

/** Functions for steps that give whole disks to storage. */
export const DISKS_LIBRARY = join(__dirname, "scripts/disks.sh");

/** How often a dial is tried before it is given up; with the plugin's back-off of at most 5 s, about 15 minutes. */
const DIAL_ERROR_LIMIT = 180;

export interface RemoteScriptArgs {
  /** Where it runs, as root by `sudo`. */
  machine: Machine;
  /** Path of the script. It must converge from any state; a second run must change nothing. */
  file: string;
  /** Paths of scripts that define functions for it, put before it. @default none */
  libraries?: readonly string[];
  /** What the script reads, as shell variables. A secret makes the whole input secret, so give it a script of its own. @default none */
  values?: Record<string, pulumi.Input<string>>;
  /** Whether deleting the resource runs the script with `delete` as its first argument. @default false */
  undo?: boolean;
}

/**
 * A script on one machine, run again when its text or a value changes.
 *
 * Script and values travel by stdin, so nothing of them is ever on a command line. Where the machine itself is
 * deleted, nothing is undone on it first.
 */
export class RemoteScript extends remote.Command {
  constructor(name: string, args: RemoteScriptArgs, opts: pulumi.CustomResourceOptions = {}) {
    const { machine, file, libraries = [], values = {}, undo = false } = args;
    const script = scriptText(libraries, file);
    super(
      name,
      {
        connection: {
          ...machine.connection,
          dialErrorLimit: DIAL_ERROR_LIMIT,
          perDialTimeout: 10,
        },
        create: "sudo bash -s",
        ...(undo ? { delete: "sudo bash -s -- delete" } : {}),
        stdin: pulumi.all(values).apply((known) => stamped(name, script, known)),
        // It would need AcceptEnv in the machine's sshd (pulumi-command#430).
        addPreviousOutputInEnv: false,
      },
      { deletedWith: machine.resource, ...opts },
    );
  }
}
