import { existsSync, readdirSync, rmSync } from "node:fs";
import { isIP } from "node:net";
import { join } from "node:path";
import { UserError } from "../lib/user-error";
import { readPorts } from "./forwarded-ports";
import { labFolder, listVms, runningPid } from "./lab-vms";
import { runProgram } from "./run-program";
import { vmProgram } from "./vm-program";

/** A VM as this computer sees it. */
export interface VmStatus {
  name: string;
  /** Its process, `null` while it does not run. */
  pid: number | null;
  /** Port of the machine to `127.0.0.1:<port>`. */
  ports: Record<string, string>;
}

async function runVmScript(state: string, ...words: string[]): Promise<void> {
  await runProgram("bash", ["-s", "--", ...words], {
    env: { SWARMSTEAD_STATE: state },
    input: vmProgram(),
  });
}

/** Starts VMs that exist; one that runs is left alone. */
export async function powerOn(state: string, names: readonly string[]): Promise<void> {
  const needed = names.filter((name) => existsSync(join(labFolder(state), "vms", name)));
  const strangers = names.filter((name) => !needed.includes(name));
  if (strangers.length > 0) {
    throw new UserError(`${strangers.join(", ")}: not made yet; run ./swarmstead up`);
  }
  for (const name of needed) {
    await runVmScript(state, "start", name);
  }
}

/** Ends VMs as a pulled plug would. */
export async function powerOff(state: string, names: readonly string[]): Promise<void> {
  await Promise.all(names.map((name) => runVmScript(state, "cut", name)));
}

/** Shuts every VM down in order, and then ends the network that they share. Their disks stay. */
export async function stopLab(state: string): Promise<void> {
  if (existsSync(join(labFolder(state), "network.env"))) {
    await Promise.all(listVms(state).map((name) => runVmScript(state, "stop", name)));
    await runVmScript(state, "network-stop");
  }
}

/** Ends every process of the lab and removes its files. */
export async function removeLab(state: string): Promise<void> {
  const vms = join(labFolder(state), "vms");
  if (existsSync(join(labFolder(state), "network.env"))) {
    // An interrupted removal may have left the one and not the other.
    await powerOff(state, existsSync(vms) ? readdirSync(vms) : []);
    await runVmScript(state, "network-delete");
  }
  rmSync(labFolder(state), { recursive: true, force: true });
}

function waysOf(own: Readonly<Record<string, number>>): Record<string, string> {
  return Object.fromEntries(
    Object.entries(own).map(([port, here]) => [port, `127.0.0.1:${String(here)}`]),
  );
}

/** Every VM that was ever given ports, with its process. */
export function labStatus(state: string): VmStatus[] {
  return Object.entries(readPorts(state))
    .filter(([name]) => isIP(name) === 0)
    .map(([name, own]) => ({ name, pid: runningPid(state, name), ports: waysOf(own) }));
}

/** Where this computer reaches the entry's address: its port to `127.0.0.1:<port>`; empty before the lab's first start. */
export function entryWays(state: string, address: string): Record<string, string> {
  return waysOf(readPorts(state)[address] ?? {});
}

/** What a VM has printed on its serial line since its start. */
export function serialLogPath(state: string, name: string): string {
  return join(labFolder(state), "vms", name, "serial.log");
}
