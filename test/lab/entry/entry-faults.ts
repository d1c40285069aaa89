import { setTimeout as sleep } from "node:timers/promises";
import type { FailureKind } from "../../../tools/failures/failure-rows";
import { cause } from "../faults";
import type { LabStack } from "../lab-stack";
import { type EntryService, findService, MANAGER } from "./environment";

/** Where the parts are at the moment of a fault. */
export interface FaultPlace {
  /** The machine that holds the address. */
  holder: string;
  traefik: EntryService;
  proxy: EntryService;
}

/** Ends a fault; what the machine makes of its end is the machine's own affair. */
type Undo = () => Promise<unknown>;

/** Where the parts are now. */
export async function findPlace(lab: LabStack, holder: string): Promise<FaultPlace> {
  const [traefik, proxy] = [
    await findService(lab, "swarmstead/traefik"),
    await findService(lab, "swarmstead/haproxy"),
  ];
  return { holder, traefik, proxy };
}

/** The holder where it runs the service, else the node that does. */
function nodeOf({ nodes }: EntryService, holder: string): string {
  return nodes.includes(holder) ? holder : (nodes[0] ?? holder);
}

/** A program gets a signal; its name is that of its process. */
async function signal(
  lab: LabStack,
  machine: string,
  name: "KILL" | "STOP",
  program: string,
): Promise<Undo> {
  await lab.on(machine, `pkill -${name} -x ${program}`);
  // By then it may be another, which runs already.
  return name === "KILL"
    ? () => Promise.resolve()
    : () => lab.on(machine, `pkill -CONT -x ${program} || true`);
}

const BOOT = "cat /proc/sys/kernel/random/boot_id";
const BOOT_SECONDS = 400;

/** Waits until a machine answers, in another boot than one that is known. */
export async function untilAnswers(lab: LabStack, machine: string, before = ""): Promise<void> {
  const began = Date.now();
  while (["", before].includes(await lab.on(machine, BOOT).catch(() => ""))) {
    if (Date.now() - began > BOOT_SECONDS * 1000) {
      throw new Error(`${machine}: has not started within ${String(BOOT_SECONDS)} s`);
    }
    await sleep(1000);
  }
}

async function cutPower(lab: LabStack, machine: string): Promise<Undo> {
  const { undo } = await cause(lab, "power", machine);
  return async () => {
    await undo();
    await untilAnswers(lab, machine);
  };
}

async function reboot(lab: LabStack, machine: string): Promise<Undo> {
  const before = await lab.on(machine, BOOT);
  // Not at once, so that it has answered before it goes.
  await lab.on(machine, "systemd-run --quiet --on-active=1 systemctl reboot");
  return () => untilAnswers(lab, machine, before);
}

async function drain(lab: LabStack, machine: string): Promise<Undo> {
  const set = (availability: string): Promise<string> =>
    lab.on(MANAGER, `docker node update --availability ${availability} ${machine} >/dev/null`);
  await set("drain");
  return () => set("active");
}

/** How each fault is brought about, and ended. */
export const ENTRY_FAULTS: Readonly<
  Record<FailureKind, (lab: LabStack, place: FaultPlace) => Promise<Undo>>
> = {
  power: (lab, { holder }) => cutPower(lab, holder),
  docker: async (lab, { holder }) => {
    await lab.on(holder, "systemctl stop --no-block docker.socket docker.service");
    return () => lab.on(holder, "systemctl start docker.service");
  },
  "traefik-killed": (lab, { holder, traefik }) =>
    signal(lab, nodeOf(traefik, holder), "KILL", "traefik"),
  "traefik-hung": (lab, { holder, traefik }) =>
    signal(lab, nodeOf(traefik, holder), "STOP", "traefik"),
  "proxy-killed": (lab, { holder, proxy }) => signal(lab, nodeOf(proxy, holder), "KILL", "haproxy"),
  cable: async (lab, { holder }) => (await cause(lab, "link", holder)).undo,
  drain: (lab, { holder }) => drain(lab, holder),
  reboot: (lab, { holder }) => reboot(lab, holder),
  update: async (lab, { traefik }) => {
    await lab.on(MANAGER, `docker service update --force --quiet ${traefik.name} >/dev/null`);
    return () => Promise.resolve();
  },
};
