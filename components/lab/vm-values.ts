import type { ScriptValues } from "../lib/shell";
import { macOf, outsideNetwork } from "./addresses";
import { renderMetaData, renderNetworkConfig } from "./vm-seed";

/** Name under `/dev/disk/by-id` of a VM's disk for shared storage: `virtio-` and the serial number that `lab-vm.sh` gives it. */
export const DATA_DISK = "virtio-data";

/** The size of a VM. */
export interface VmSize {
  memoryMiB: number;
  /** @default 2, or 1 where processors are emulated */
  cpus?: number | undefined;
  diskGiB: number;
  /** The empty disk for shared storage; 0 for none. */
  dataDiskGiB: number;
}

export interface VmPlace {
  size: VmSize;
  /** Node network, CIDR notation. */
  cidr: string;
  /** TCP ports that this computer has to reach, beside SSH. */
  openPorts: readonly number[];
  /** Port of the machine to the port of this computer that leads to it. */
  ports: Readonly<Record<string, number>>;
}

/** What `scripts/lab-vm.sh` reads to make a VM, but for the user-data, which is secret. */
export function vmValues(
  name: string,
  { address, generation }: { address: string; generation: number },
  { size, cidr, openPorts, ports }: VmPlace,
): ScriptValues {
  const { both, gateway } = outsideNetwork(cidr);
  const mac = macOf(name);
  const forwards = [22, ...openPorts].map(
    (port) => `${String(ports[String(port)] ?? 0)}:${String(port)}`,
  );
  return {
    NAME: name,
    MAC: mac,
    ADDRESS: address,
    MEMORY_MIB: String(size.memoryMiB),
    CPUS: String(size.cpus ?? "auto"),
    DISK_GIB: String(size.diskGiB),
    DATA_DISK_GIB: String(size.dataDiskGiB),
    FORWARDS: forwards.join(" "),
    META_DATA: renderMetaData(name, generation),
    NETWORK_CONFIG: renderNetworkConfig({
      mac,
      address: `${address}/${both.split("/")[1] ?? ""}`,
      gateway,
    }),
  };
}
