import { readFileSync } from "node:fs";
import { join } from "node:path";
import * as pulumi from "@pulumi/pulumi";
import type { Machine } from "../machine/machine";
import { ClusterScript } from "./cluster-script";
import { stamped } from "./shell";

const ROLL_SCRIPT = join(__dirname, "scripts/roll.sh");

export interface RollingScriptArgs {
  machine: Machine;
  /** Path of the machine's script, which may restart what containers need. It must converge, and know `check`. */
  file: string;
  /** What the script reads, as shell variables. */
  values: Record<string, pulumi.Input<string>>;
  /** Alias that leads to any live manager. */
  alias: pulumi.Input<string>;
}

/**
 * A script on one machine that may restart what the machine's containers need: Docker, and the like.
 *
 * On a member of the swarm it drains the machine first and gives it back after, and goes on only where every other node
 * is well, unless the operator leaves that one out. Chain them by `dependsOn`, so that one machine at most is away.
 */
export class RollingScript extends ClusterScript {
  constructor(name: string, args: RollingScriptArgs, opts: pulumi.CustomResourceOptions = {}) {
    const { machine, file, values, alias } = args;
    const script = readFileSync(file, "utf8");
    const text = pulumi.all(values).apply((known) => stamped(name, script, known));
    super(
      name,
      {
        alias,
        file: ROLL_SCRIPT,
        runOn: "computer",
        values: { NAME: machine.name, STEP_TEXT: text },
      },
      opts,
    );
  }
}
