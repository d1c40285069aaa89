import { execFile } from "node:child_process";
import { join } from "node:path";
import { promisify } from "node:util";
import { labId, runningPid } from "../../components/lab/lab-vms";
import type { LabStack } from "./lab-stack";

/** The kinds of fault, as an operator would meet them. */
export const FAULT_KINDS = ["power", "link", "one-way", "freeze", "disk", "clock"] as const;

export type FaultKind = (typeof FAULT_KINDS)[number];

/** A fault that is in force. */
export interface Fault {
  kind: FaultKind;
  machine: string;
  /** Ends it. What the machine makes of its end is the machine's own affair. */
  undo: () => Promise<void>;
}

/** How far a clock is set off. */
const CLOCK_SECONDS = 3600;

/** Says a line to the monitor of a VM, and gives the answer. */
async function monitor(lab: LabStack, machine: string, line: string): Promise<string> {
  const socket = join(lab.state, "lab/vms", machine, "monitor");
  const script = `printf '%s\\n' "$1" | socat -t5 - "UNIX-CONNECT:$2" | tr -d '\\r'`;
  const { stdout } = await promisify(execFile)("bash", ["-c", script, "-", line, socket]);
  if (/^Error|error:/m.test(stdout)) {
    throw new Error(`${machine}: monitor: ${line}: ${stdout}`);
  }
  return stdout;
}

/** The VM's process is killed, as a pulled plug would end it: nothing is flushed, nobody is told. */
async function cutPower(lab: LabStack, machine: string): Promise<() => Promise<void>> {
  const pid = runningPid(lab.state, machine);
  if (pid === null) {
    throw new Error(`${machine}: does not run (${labId(lab.state)})`);
  }
  process.kill(pid, "SIGKILL");
  await Promise.resolve();
  return async () => {
    await lab.must("power", "on", machine);
  };
}

/** The cable is pulled: the guest sees its carrier go. */
async function cutLink(lab: LabStack, machine: string): Promise<() => Promise<void>> {
  await monitor(lab, machine, "set_link lan off");
  return async () => {
    await monitor(lab, machine, "set_link lan on");
  };
}

/** The machine hears nothing of the other nodes any more, and they hear it. SSH stays. */
async function deafen(lab: LabStack, machine: string): Promise<() => Promise<void>> {
  await lab.on(
    machine,
    `nft -f - <<'RULES'
table inet fault {
  set nodes { type ipv4_addr; }
  chain input { type filter hook input priority -300; ip saddr @nodes drop; }
}
RULES
own=$(hostname)
for file in /etc/swarmstead/members/*; do
  [ "\${file##*/}" = "$own" ] || nft add element inet fault nodes "{ $(cat "$file") }"
done`,
  );
  return async () => {
    await lab.on(machine, "nft delete table inet fault");
  };
}

/** The machine stands still, and goes on as if no time had passed. */
async function freeze(lab: LabStack, machine: string): Promise<() => Promise<void>> {
  await monitor(lab, machine, "stop");
  return async () => {
    await monitor(lab, machine, "cont");
  };
}

/** The disk for shared storage is pulled out. */
async function detachDisk(lab: LabStack, machine: string): Promise<() => Promise<void>> {
  await monitor(lab, machine, "device_del data");
  await lab.until(machine, "[ ! -e /dev/disk/by-id/virtio-data ]");
  return () => attachDisk(lab, machine);
}

function dataDisk(lab: LabStack, machine: string): string {
  return join(lab.state, "lab/vms", machine, "data.qcow2");
}

async function attachDisk(lab: LabStack, machine: string): Promise<void> {
  const drive = `if=none,id=data,file=${dataDisk(lab, machine)},format=qcow2,cache=unsafe,discard=unmap`;
  await monitor(lab, machine, `drive_add 0 ${drive}`);
  const device = "virtio-blk-pci,drive=data,serial=data,id=data,bus=data-port";
  await monitor(lab, machine, `device_add ${device}`);
  await lab.until(machine, "[ -e /dev/disk/by-id/virtio-data ]");
}

/** An empty disk takes the place of one that was pulled out. */
export async function putEmptyDisk(lab: LabStack, machine: string): Promise<void> {
  const create = ["create", "-q", "-f", "qcow2", dataDisk(lab, machine), "8G"];
  await promisify(execFile)(join(lab.state, "lab/bin/qemu-img"), create);
  await attachDisk(lab, machine);
}

/** The clock is set off; what keeps it right has been stopped, as where no other clock can be reached. */
async function setClockOff(lab: LabStack, machine: string): Promise<() => Promise<void>> {
  await lab.on(
    machine,
    `systemctl stop chrony && date --set "+${String(CLOCK_SECONDS)} seconds" >/dev/null`,
  );
  return async () => {
    await lab.on(
      machine,
      `date --set "-${String(CLOCK_SECONDS)} seconds" >/dev/null && systemctl start chrony`,
    );
  };
}

const CAUSES: Readonly<
  Record<FaultKind, (lab: LabStack, machine: string) => Promise<() => Promise<void>>>
> = {
  power: cutPower,
  link: cutLink,
  "one-way": deafen,
  freeze,
  disk: detachDisk,
  clock: setClockOff,
};

/** Brings a fault about. It stays until its `undo`. */
export async function cause(lab: LabStack, kind: FaultKind, machine: string): Promise<Fault> {
  return { kind, machine, undo: await CAUSES[kind](lab, machine) };
}
