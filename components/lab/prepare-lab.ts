import { existsSync, mkdirSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { findAccelerator } from "./accelerator";
import { outsideNetwork } from "./addresses";
import { bakeImage, imageFolder } from "./base-image";
import { choosePorts } from "./forwarded-ports";
import { VISITOR } from "./lab-platform";
import { labFolder, labId, listVms, runningPid } from "./lab-vms";
import { findQemu } from "./qemu";
import { requirePrograms } from "./required-programs";
import { requireRoom } from "./room";

/** What a bake fills for a while: packages twice, the disk, and its packed form. */
const GIB_TO_BAKE = 6;
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
  /** Names of the machines; the visitor is added. */
  machines: readonly string[];
  /** TCP ports of every machine that this computer has to reach, beside SSH. */
  openPorts: readonly number[];
  /** Size of every machine. */
  size: { memoryMiB: number };
  /** Is told what is being done. */
  report: (text: string) => void;
}

function link(target: string, path: string): void {
  rmSync(path, { force: true });
  symlinkSync(target, path);
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

/**
 * Gets this computer ready for the lab: programs, QEMU, base image, accelerator, ports. What is there is not done again.
 *
 * @throws {UserError} for everything that the user has to mend
 */
export async function prepareLab(request: LabRequest): Promise<void> {
  const { state, cache, root, cidr, machines, openPorts, size, report } = request;
  const folder = labFolder(state);
  mkdirSync(join(folder, "vms"), { recursive: true, mode: 0o700 });
  mkdirSync(cache, { recursive: true });
  requireRoom(
    {
      memoryMiB: neededMemoryMiB(state, machines, size.memoryMiB),
      stateGiB: GIB_PER_VM * machines.filter((name) => !listVms(state).includes(name)).length,
      cacheGiB: existsSync(imageFolder(root, cache)) ? 0 : GIB_TO_BAKE,
    },
    state,
    cache,
  );
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
