import { createHash } from "node:crypto";
import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { UserError } from "../lib/user-error";
import { findAccelerator } from "./accelerator";
import { outsideNetwork } from "./addresses";
import { bakeImage } from "./base-image";
import { choosePorts, readPorts } from "./forwarded-ports";
import { findQemu } from "./qemu";
import { requirePrograms } from "./required-programs";
import { runProgram } from "./run-program";
import { vmProgram } from "./vm-program";

export interface LabRequest {
  /** Folder of the stack. */
  state: string;
  /** Folder shared by all labs of the user. */
  cache: string;
  /** Folder of the project. */
  root: string;
  /** Node network, CIDR notation. */
  cidr: string;
  /** Names of the machines; the visitor is added. */
  machines: readonly string[];
  /** TCP ports of every machine that this computer has to reach, beside SSH. */
  openPorts: readonly number[];
  /** Is told what is being done. */
  report: (text: string) => void;
}

/** A VM as this computer sees it. */
export interface VmStatus {
  name: string;
  /** Its process, `null` while it does not run. */
  pid: number | null;
  /** Port of the machine to `127.0.0.1:<port>`. */
  ports: Record<string, string>;
}

function labFolder(state: string): string {
  return join(state, "lab");
}

/** Marks the lab's processes, so that none of another lab is ever taken for one. */
function labId(state: string): string {
  return `lab-${createHash("sha256").update(state).digest("hex").slice(0, 10)}`;
}

function link(target: string, path: string): void {
  rmSync(path, { force: true });
  symlinkSync(target, path);
}

/**
 * Gets this computer ready for the lab: programs, QEMU, base image, accelerator, ports. What is there is not done again.
 *
 * @throws {UserError} for everything that the user has to mend
 */
export async function prepareLab(request: LabRequest): Promise<void> {
  const { state, cache, root, cidr, machines, openPorts, report } = request;
  const folder = labFolder(state);
  mkdirSync(join(folder, "vms"), { recursive: true, mode: 0o700 });
  mkdirSync(cache, { recursive: true });
  await requirePrograms(report);
  const qemu = await findQemu(cache, report);
  const image = await bakeImage(root, cache, qemu, report);
  const accelerator = await findAccelerator(cache, qemu, image, report);
  link(qemu, join(folder, "bin"));
  link(image, join(folder, "image"));
  writeFileSync(join(folder, "accelerator"), accelerator);
  const { gateway, both } = outsideNetwork(cidr);
  const network = { LAB_ID: labId(state), GATEWAY: gateway, OUTSIDE_BOTH: both };
  const lines = Object.entries(network).map(([name, value]) => `${name}=${value}\n`);
  writeFileSync(join(folder, "network.env"), lines.join(""));
  const wanted = Object.fromEntries(machines.map((name) => [name, [22, ...openPorts]]));
  await choosePorts(state, { ...wanted, visitor: [22] });
}

async function runVmScript(state: string, ...words: string[]): Promise<void> {
  await runProgram("bash", ["-s", "--", ...words], {
    env: { SWARMSTEAD_STATE: state },
    input: vmProgram(),
  });
}

/** Names of the VMs that exist, running or not. */
export function listVms(state: string): string[] {
  const folder = join(labFolder(state), "vms");
  return existsSync(folder)
    ? readdirSync(folder).filter((name) => existsSync(join(folder, name, "root.qcow2")))
    : [];
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

/** Starts every VM that exists but does not run, with the network that they share. */
export async function startLab(state: string): Promise<void> {
  const names = listVms(state);
  if (names.length > 0) {
    await powerOn(state, names);
  }
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
  if (existsSync(join(labFolder(state), "network.env"))) {
    await powerOff(state, readdirSync(join(labFolder(state), "vms")));
    await runVmScript(state, "network-delete");
  }
  rmSync(labFolder(state), { recursive: true, force: true });
}

function runningPid(state: string, name: string): number | null {
  try {
    const pid = Number(readFileSync(join(labFolder(state), "vms", name, "pid"), "utf8"));
    const words = readFileSync(`/proc/${String(pid)}/cmdline`, "utf8").split("\0");
    return words.includes(`lab-vm-${labId(state)}-${name}`) ? pid : null;
  } catch {
    return null;
  }
}

/** Every VM that was ever given ports, with its process. */
export function labStatus(state: string): VmStatus[] {
  return Object.entries(readPorts(state)).map(([name, own]) => ({
    name,
    pid: runningPid(state, name),
    ports: Object.fromEntries(
      Object.entries(own).map(([port, here]) => [port, `127.0.0.1:${String(here)}`]),
    ),
  }));
}

/** What a VM has printed on its serial line since its start. */
export function serialLogPath(state: string, name: string): string {
  return join(labFolder(state), "vms", name, "serial.log");
}
