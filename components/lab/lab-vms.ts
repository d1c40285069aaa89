import { createHash } from "node:crypto";
import { existsSync, readdirSync, readFileSync, statSync } from "node:fs";
import { join } from "node:path";
import { parse } from "yaml";

/** Folder of the lab in the stack's. */
export function labFolder(state: string): string {
  return join(state, "lab");
}

/** Marks the lab's processes, so that none of another lab is ever taken for one. */
export function labId(state: string): string {
  return `lab-${createHash("sha256").update(state).digest("hex").slice(0, 10)}`;
}

/** Names of the VMs that exist, running or not. */
export function listVms(state: string): string[] {
  const folder = join(labFolder(state), "vms");
  return existsSync(folder)
    ? readdirSync(folder).filter((name) => existsSync(join(folder, name, "root.qcow2")))
    : [];
}

/** The process of a pid file of the lab, `null` where it is not what its mark says (any more). */
function markedPid(state: string, file: string, mark: string): number | null {
  try {
    const pid = Number(readFileSync(join(labFolder(state), file), "utf8"));
    const words = readFileSync(`/proc/${String(pid)}/cmdline`, "utf8").split("\0");
    return words.includes(mark) ? pid : null;
  } catch {
    return null;
  }
}

/** The generation that a VM was made for; absent where there is none. */
export function generationOf(state: string, name: string): number | undefined {
  try {
    const file = join(labFolder(state), "vms", name, "seed", "meta-data");
    const { "instance-id": id } = parse(readFileSync(file, "utf8")) as { "instance-id": string };
    return Number(id.slice(name.length + 1));
  } catch {
    return undefined;
  }
}

/** The process of a VM, `null` while it does not run; a pid file that is another's by now counts for nothing. */
export function runningPid(state: string, name: string): number | null {
  return markedPid(state, join("vms", name, "pid"), `lab-vm-${labId(state)}-${name}`);
}

/** Seconds since a VM was switched on, `null` while it does not run. */
export function runningSeconds(state: string, name: string): number | null {
  if (runningPid(state, name) === null) {
    return null;
  }
  // Written at the start, and by nothing else.
  const { mtimeMs } = statSync(join(labFolder(state), "vms", name, "pid"));
  return (Date.now() - mtimeMs) / 1000;
}

/** Whether the gateway runs, which holds the ports of this computer that lead to the VMs. */
export function gatewayRuns(state: string): boolean {
  return markedPid(state, "gateway.pid", `lab-gateway-${labId(state)}`) !== null;
}
