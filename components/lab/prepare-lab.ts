import { existsSync, mkdirSync } from "node:fs";
import { join } from "node:path";
import { UserError } from "../lib/user-error";
import { linkWhole, writeWhole } from "../lib/write-whole";
import { findAccelerator } from "./accelerator";
import { imagesOf } from "./baked-images";
import { bakeImage, imageFolder } from "./base-image";
import { choosePorts, ENTRY_PORTS, findTakenPorts, readPorts } from "./forwarded-ports";
import { VISITOR } from "./lab-platform";
import { gatewayRuns, labFolder, labId, listVms, runningPid } from "./lab-vms";
import { renderNetworkEnv } from "./network-env";
import { findQemu } from "./qemu";
import { installPrograms, programLacks } from "./required-programs";
import { roomLacks } from "./room";

/** What a bake fills for a while: packages twice, the disk, and its packed form. */
const GIB_TO_BAKE = 6;
/** The same for each container image of Debian packages. */
const GIB_PER_PACKAGE_IMAGE = 1;
/** What a machine fills of its disks in its first days. */
const GIB_PER_VM = 2;

export interface LabRequest {
  /** Folder of the stack. */
  state: string;
  /** Folder shared by all labs of the user. */
  cache: string;
  /** Folder of the project. */
  root: string;
  /** Node network, CIDR notation. */
  cidr: string;
  /** Names of the apps, whose container images the machines have. */
  apps: readonly string[];
  /** Names of the machines; the visitor is added. */
  machines: readonly string[];
  /** TCP ports of every machine that this computer has to reach, beside SSH. */
  openPorts: readonly number[];
  /** The address that visitors ask; nothing where there is none. */
  entry?: string | undefined;
  /** Size of every machine. */
  size: { memoryMiB: number };
  /** What else speaks against it, told together with what this computer lacks. */
  faults: readonly string[];
  /** Is told what is being done. */
  report: (text: string) => void;
}

/** What starting every machine and the visitor adds to the memory in use. */
function neededMemoryMiB(state: string, machines: readonly string[], each: number): number {
  const sizes = [
    ...machines.map((name) => [name, each] as const),
    ["visitor", VISITOR.memoryMiB] as const,
  ];
  return sizes
    .filter(([name]) => runningPid(state, name) === null)
    .reduce((sum, [, size]) => sum + size, 0);
}

/** The ports that this computer has to reach, of every VM and of the entry's address. */
function wantedPorts(request: LabRequest): Record<string, readonly number[]> {
  const { machines, openPorts, entry } = request;
  const wanted = Object.fromEntries(machines.map((name) => [name, [22, ...openPorts]]));
  return { ...wanted, visitor: [22], ...(entry === undefined ? {} : { [entry]: ENTRY_PORTS }) };
}

/** What baking the base image fills for a while; nothing where it is there. */
function neededCacheGiB(request: LabRequest): number {
  const large = imagesOf(request.apps).filter((image) => "packages" in image).length;
  return existsSync(imageFolder(request)) ? 0 : GIB_TO_BAKE + large * GIB_PER_PACKAGE_IMAGE;
}

/** Everything that the user has to mend first. Changes nothing. */
async function findLacks(request: LabRequest): Promise<string[]> {
  const { state, cache, machines, size, faults } = request;
  const need = {
    memoryMiB: neededMemoryMiB(state, machines, size.memoryMiB),
    stateGiB: GIB_PER_VM * machines.filter((name) => !listVms(state).includes(name)).length,
    cacheGiB: neededCacheGiB(request),
  };
  const taken = gatewayRuns(state) ? [] : await findTakenPorts(state, wantedPorts(request));
  return [...faults, ...roomLacks(need, state, cache), ...taken, ...programLacks()];
}

/**
 * Gets this computer ready for the lab: programs, QEMU, base image, accelerator, ports. What is there is not done again.
 *
 * @throws {UserError} with everything that the user has to mend, before anything is changed
 */
export async function prepareLab(request: LabRequest): Promise<void> {
  const { state, cache, cidr, entry: address, report } = request;
  const lacks = await findLacks(request);
  if (lacks.length > 0) {
    throw new UserError(lacks.join("\n"));
  }
  const folder = labFolder(state);
  mkdirSync(join(folder, "vms"), { recursive: true, mode: 0o700 });
  mkdirSync(cache, { recursive: true });
  await installPrograms(report);
  const qemu = await findQemu(cache, report);
  const image = await bakeImage(request, qemu, report);
  const accelerator = await findAccelerator(cache, qemu, image, report);
  linkWhole(qemu, join(folder, "bin"));
  linkWhole(image, join(folder, "image"));
  writeWhole(join(folder, "accelerator"), accelerator);
  await choosePorts(state, wantedPorts(request));
  const entry =
    address === undefined ? undefined : { address, ports: readPorts(state)[address] ?? {} };
  writeWhole(join(folder, "network.env"), renderNetworkEnv({ id: labId(state), cidr, entry }));
}
