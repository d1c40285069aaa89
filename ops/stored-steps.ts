import { spawn } from "node:child_process";
import type { Deployment } from "@pulumi/pulumi/automation";
import { valueIn } from "../components/lib/shell";
import type { Engine } from "./engine";

/** A step of the stack as its state has it. */
export interface StoredStep {
  /** Name of its resource, for example `node1-docker`. */
  name: string;
  /** Where it runs: on its machine by SSH, on any live manager, or on this computer, from where it visits machines. */
  runsOn: "machine" | "manager" | "computer";
  /** The machine that it belongs to; absent for what the cluster does as a whole. */
  machine?: string;
  command: string;
  stdin: string;
  /** What its machine reads and can be asked by `check`; absent where it visits several, or its machine only in part. */
  onMachine?: string;
}

interface StateResource {
  urn: string;
  type: string;
  inputs?: { create?: string; stdin?: string | StoredSecret };
}

/** A secret as an export shows it: JSON of what it holds. */
interface StoredSecret {
  plaintext: string;
}

/** The resources of a deployment; empty where there is none. */
export function resourcesOf(deployment: Deployment): StateResource[] {
  return (deployment.deployment as { resources?: StateResource[] } | undefined)?.resources ?? [];
}

/** The last part of a URN: the resource's name. */
export function nameOf(urn: string): string {
  return urn.split("::").at(-1) ?? urn;
}

function placeOf(type: string, command: string): StoredStep["runsOn"] | undefined {
  switch (type) {
    case "command:remote:Command":
      return "machine";
    case "command:local:Command":
      return command.startsWith("ssh ") ? "manager" : "computer";
    default:
      return undefined;
  }
}

/**
 * The stored steps of a deployment in the order in which they were made; those of the lab's own VMs are left out.
 *
 * @param machines names of the machines; a machine's steps are named after it, `node1-docker`
 */
export function listSteps(deployment: Deployment, machines: readonly string[]): StoredStep[] {
  return resourcesOf(deployment).flatMap(({ urn, type, inputs }): StoredStep[] => {
    const name = nameOf(urn);
    const { create: command, stdin: stored } = inputs ?? {};
    const stdin = typeof stored === "object" ? (JSON.parse(stored.plaintext) as string) : stored;
    if (!command || !stdin || urn.includes("swarmstead:lab:")) {
      return [];
    }
    const runsOn = placeOf(type, command);
    if (!runsOn) {
      return [];
    }
    const prefix = name.slice(0, Math.max(name.lastIndexOf("-"), 0));
    // What goes by SSH is some machine's: also one that the config no longer has, or never has, as the lab's visitor.
    // An app's name may be a machine's, but what an app does is on no machine.
    const isOwn =
      runsOn === "machine" ||
      (machines.includes(prefix) && (runsOn === "computer" || name.endsWith("-labels")));
    const own = isOwn ? prefix : undefined;
    const onMachine = runsOn === "machine" ? stdin : valueIn(stdin, "STEP_TEXT");
    const step = { name, runsOn, command, stdin, ...(own === undefined ? {} : { machine: own }) };
    return [onMachine === undefined || own === undefined ? step : { ...step, onMachine }];
  });
}

/** The resources that are a machine's own, its VM among them; not those of the cluster that it takes part in. */
export function urnsOfMachines(deployment: Deployment, machines: readonly string[]): string[] {
  return resourcesOf(deployment)
    .map(({ urn }) => urn)
    .filter((urn) => {
      const name = nameOf(urn);
      const isStep = /:(Command)::/.test(urn);
      return (
        isStep && machines.some((one) => name === `${one}${name.slice(name.lastIndexOf("-"))}`)
      );
    });
}

/**
 * Runs a stored step again, as it was run for the state.
 *
 * @throws {Error} with the step's own words where it fails
 */
export function runStep(engine: Engine, sshConfig: string, step: StoredStep): Promise<void> {
  // Never on this computer for want of a machine's name: ssh refuses an empty one.
  const [program, words] =
    step.runsOn === "machine"
      ? ["ssh", ["-F", sshConfig, step.machine ?? "", step.command]]
      : ["/bin/sh", ["-c", step.command]];
  return new Promise((resolve, reject) => {
    const child = spawn(program, words, {
      cwd: engine.workDir,
      env: { ...process.env, ...engine.env },
      stdio: ["pipe", "pipe", "pipe"],
    });
    let heard = "";
    for (const stream of [child.stdout, child.stderr]) {
      stream.on("data", (data: Buffer) => {
        heard += data.toString();
      });
    }
    child.stdin.on("error", () => {
      // It ended before it read all; its exit code tells.
    });
    child.stdin.end(step.stdin);
    child.on("error", reject);
    child.on("close", (code) => {
      if (code === 0) {
        resolve();
      } else {
        reject(new Error(`${step.name}: exit code ${String(code)}\n${heard.trim()}`));
      }
    });
  });
}
