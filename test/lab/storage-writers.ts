import { type ChildProcess, spawn } from "node:child_process";
import { createHash } from "node:crypto";
import { once } from "node:events";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import type { LabStack } from "./lab-stack";

/** Where each machine's records go. */
const FOLDER = "/var/data/runtime/writers";

/** Appends records, each synced before it is acknowledged on stdout, until its reader goes. */
const WRITER = `
import hashlib, os, sys, time
name = sys.argv[1]
os.makedirs("${FOLDER}", exist_ok=True)
record = os.open(f"${FOLDER}/{name}", os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600)
number = 0
while True:
    word = hashlib.sha256(f"{name} {number}".encode()).hexdigest()
    os.write(record, f"{number} {word}\\n".encode())
    os.fsync(record)
    print(number, flush=True)
    number += 1
    time.sleep(0.2)
`;

/** What a writer came to. */
export interface Written {
  machine: string;
  /** Records that were acknowledged. */
  acknowledged: number;
  /** The longest time between two acknowledgements, or from the last to the end, in seconds. */
  longestStall: number;
}

/** A writer on one machine; what it acknowledges is kept here, as its machine may lose its power. */
export class Writer {
  private readonly times: number[] = [];
  private readonly child: ChildProcess;

  public constructor(
    lab: LabStack,
    public readonly machine: string,
  ) {
    const words = ["-F", join(lab.state, "ssh/config"), machine, `sudo python3 - ${machine}`];
    this.child = spawn("ssh", words, { stdio: ["pipe", "pipe", "ignore"] });
    this.child.stdin?.end(WRITER);
    this.child.stdout?.setEncoding("utf8").on("data", (text: string) => {
      for (let line = 0; line < text.split("\n").length - 1; line += 1) {
        this.times.push(Date.now());
      }
    });
  }

  /** Records acknowledged so far. */
  public get acknowledged(): number {
    return this.times.length;
  }

  /** Ends it. The stall of one whose machine has died says nothing. */
  public async end(): Promise<Written> {
    const { machine, times, child } = this;
    const until = [...times, Date.now()];
    const gaps = until.slice(1).map((time, index) => time - (until[index] ?? time));
    if (child.exitCode === null && child.signalCode === null) {
      child.kill();
      await once(child, "exit");
    }
    return { machine, acknowledged: times.length, longestStall: Math.max(0, ...gaps) / 1000 };
  }
}

/** Starts a writer on each machine, and waits until all write. */
export async function writeOn(lab: LabStack, machines: readonly string[]): Promise<Writer[]> {
  await lab.on(machines[0] ?? "", `rm -rf ${FOLDER}`);
  const writers = machines.map((machine) => new Writer(lab, machine));
  while (writers.some(({ acknowledged }) => acknowledged < 10)) {
    await sleep(1000);
  }
  return writers;
}

/** What is wrong with a machine's records, read on another: one that was acknowledged and is lost, or any that is torn. */
export async function recordFaults(
  lab: LabStack,
  reader: string,
  { machine, acknowledged }: Written,
): Promise<string[]> {
  const text = await lab.on(reader, `cat ${FOLDER}/${machine}`);
  const lines = text === "" ? [] : text.split("\n");
  const right = (number: number): string =>
    `${String(number)} ${createHash("sha256")
      .update(`${machine} ${String(number)}`)
      .digest("hex")}`;
  // One that was not acknowledged may be there in part, as the last.
  const torn = lines
    .slice(0, acknowledged)
    .flatMap((line, number) => (line === right(number) ? [] : [`${machine}: torn: ${line}`]));
  const lost = acknowledged - lines.length;
  return lost > 0 ? [...torn, `${machine}: ${String(lost)} lost`] : torn;
}
