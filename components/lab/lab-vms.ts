import { createHash } from "node:crypto";
import { existsSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";

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

/** The process of a VM, `null` while it does not run; a pid file that is another's by now counts for nothing. */
export function runningPid(state: string, name: string): number | null {
  try {
    const pid = Number(readFileSync(join(labFolder(state), "vms", name, "pid"), "utf8"));
    const words = readFileSync(`/proc/${String(pid)}/cmdline`, "utf8").split("\0");
    return words.includes(`lab-vm-${labId(state)}-${name}`) ? pid : null;
  } catch {
    return null;
  }
}
