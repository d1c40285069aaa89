import { readFileSync } from "node:fs";
import { join } from "node:path";
import { local } from "@pulumi/command";
import * as pulumi from "@pulumi/pulumi";
import { scriptText, stepText, withValues } from "./shell";
import { stateFolderWord } from "./state-folder";

const PRELUDE = join(__dirname, "scripts/visit.sh");

export interface ClusterScriptArgs {
  /** Alias that leads to any live manager, from `sshAlias`. */
  alias: pulumi.Input<string>;
  /** Path of the script. It must converge from any state; a second run must change nothing. */
  file: string;
  /** Paths of scripts that define functions for it, put before it. @default none */
  libraries?: readonly string[];
  /** What the script reads, as shell variables. @default none */
  values?: Record<string, pulumi.Input<string>>;
  /**
   * `manager`: the script runs as root on any live manager, behind `scripts/step.sh`, and knows `check`. `computer`: it runs here and visits machines by the
   * functions of `scripts/visit.sh`; for what several machines have to agree on, like joining.
   *
   * @default "manager"
   */
  runOn?: "manager" | "computer";
  /** Whether deleting the resource runs the script with `delete` as its first argument. @default false */
  undo?: boolean;
}

/**
 * What the cluster does as a whole, by whichever manager is alive at that moment.
 *
 * Inputs name the alias and never a machine's liveness, so a failover changes no plan.
 */
export class ClusterScript extends local.Command {
  constructor(name: string, args: ClusterScriptArgs, opts: pulumi.CustomResourceOptions = {}) {
    const { alias, file, libraries = [], values = {}, runOn = "manager", undo = false } = args;
    const script = scriptText(libraries, file);
    const folder = stateFolderWord(pulumi.getStack());
    const shell = pulumi
      .output(alias)
      .apply((host) =>
        runOn === "manager" ? `ssh -F ${folder}/ssh/config ${host} sudo bash -s` : "bash -s",
      );
    const stdin = pulumi.all([alias, pulumi.all(values)]).apply(([host, known]) => {
      if (runOn === "manager") {
        return stepText(script, known);
      }
      const prelude = withValues(readFileSync(PRELUDE, "utf8"), { MANAGER_ALIAS: host });
      return `SSH_FOLDER=${folder}/ssh\n${prelude}\n${withValues(script, known)}`;
    });
    super(
      name,
      {
        create: shell,
        ...(undo ? { delete: shell.apply((words) => `${words} -- delete`) } : {}),
        stdin,
        addPreviousOutputInEnv: false,
      },
      opts,
    );
  }
}
