import { spawn } from "node:child_process";
import type { Deployment } from "@pulumi/pulumi/automation";
import type { Engine } from "./engine";

/** A step of the stack as its state has it. */
export interface StoredStep {
  /** Name of its resource, for example `node1-docker`. */
  name: string;
  /** The machine's name in the SSH configuration; absent for what runs on this computer. */
  machine?: string;
  command: string;
  stdin: string;
}

interface StateResource {
  urn: string;
  type: string;
  inputs?: { create?: string; stdin?: string; connection?: { port?: number; host?: string } };
}

/** The machine's steps are named after it: `node1-docker`. */
function machineOf(name: string): string {
  return name.slice(0, name.lastIndexOf("-"));
}

/** The stored steps of a deployment in the order in which they were made; those of the lab's own VMs are left out. */
export function listSteps(deployment: Deployment): StoredStep[] {
  const { resources = [] } = deployment.deployment as { resources?: StateResource[] };
  return resources.flatMap(({ urn, type, inputs }) => {
    const name = urn.split("::").at(-1) ?? "";
    const { create: command, stdin } = inputs ?? {};
    if (!command || !stdin || urn.includes("swarmstead:lab:")) {
      return [];
    }
    switch (type) {
      case "command:remote:Command":
        return [{ name, machine: machineOf(name), command, stdin }];
      case "command:local:Command":
        return [{ name, command, stdin }];
      default:
        return [];
    }
  });
}

/**
 * Runs a stored step again, as it was run for the state.
 *
 * @throws {Error} with the step's own words where it fails
 */
export function runStep(engine: Engine, sshConfig: string, step: StoredStep): Promise<void> {
  const [program, words] = step.machine
    ? ["ssh", ["-F", sshConfig, step.machine, step.command]]
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
