import { createHash } from "node:crypto";
import { setTimeout as sleep } from "node:timers/promises";
import type { LabStack } from "./lab-stack";
import { SshStream } from "./ssh-stream";

/** Where each machine's records go. */
const FOLDER = "/var/data/runtime/writers";

/** What a writer does again and again: adds a synced record to its file, or puts a new file in the place of another. */
export type Work = "append" | "replace";

/** Writes records, each synced before it is acknowledged on stdout, until its reader goes. */
const WRITER = `
import hashlib, os, sys, time
name, work = sys.argv[1:]
path = f"${FOLDER}/{name}.{work}"
os.makedirs("${FOLDER}", exist_ok=True)
folder = os.open("${FOLDER}", os.O_RDONLY)
number = 0
if work == "append":
    record = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600)
while True:
    word = hashlib.sha256(f"{name} {number}".encode()).hexdigest()
    if work == "replace":
        record = os.open(f"{path}.new", os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
    os.write(record, f"{number} {word}\\n".encode())
    os.fsync(record)
    if work == "replace":
        os.close(record)
        os.rename(f"{path}.new", path)
        os.fsync(folder)
    print(number, flush=True)
    number += 1
    time.sleep(0.2)
`;

/** What a writer came to. */
export interface Written {
  machine: string;
  work: Work;
  /** Records that were acknowledged. */
  acknowledged: number;
  /** The longest time between two acknowledgements, or from the last to the end, in seconds. */
  longestStall: number;
}

/** A writer on one machine; what it acknowledges is kept here, as its machine may lose its power. */
export class Writer {
  private readonly times: number[] = [];
  private readonly stream: SshStream;

  public constructor(
    lab: LabStack,
    public readonly machine: string,
    public readonly work: Work,
  ) {
    this.stream = new SshStream(lab, machine, {
      command: `sudo python3 - ${machine} ${work}`,
      input: WRITER,
      onLine: (_, arrived) => this.times.push(arrived),
    });
  }

  /** Records acknowledged so far. */
  public get acknowledged(): number {
    return this.times.length;
  }

  /** Ends it. The stall of one whose machine has died says nothing. */
  public async end(): Promise<Written> {
    const { machine, work, times, stream } = this;
    const until = [...times, Date.now()];
    const gaps = until.slice(1).map((time, index) => time - (until[index] ?? time));
    await stream.kill();
    const longestStall = Math.max(0, ...gaps) / 1000;
    return { machine, work, acknowledged: times.length, longestStall };
  }
}

/** Waits until each has written so many records more. */
export async function untilWritten(
  writers: readonly Writer[],
  records: number,
  limitSeconds: number,
): Promise<void> {
  const started = Date.now();
  const before = new Map(writers.map((each) => [each, each.acknowledged]));
  const late = (): Writer[] =>
    writers.filter((each) => each.acknowledged < (before.get(each) ?? 0) + records);
  while (late().length > 0) {
    if (Date.now() - started > limitSeconds * 1000) {
      const names = late().map(({ machine, work }) => `${machine} (${work})`);
      throw new Error(`not written in ${String(limitSeconds)} s: ${names.join(", ")}`);
    }
    await sleep(1000);
  }
}

/** Starts writers on each machine, and waits until all write. */
export async function writeOn(
  lab: LabStack,
  machines: readonly string[],
  works: readonly Work[] = ["append"],
): Promise<Writer[]> {
  await lab.on(machines[0] ?? "", `rm -rf ${FOLDER}`);
  const writers = machines.flatMap((machine) =>
    works.map((work) => new Writer(lab, machine, work)),
  );
  await untilWritten(writers, 10, 300);
  return writers;
}

/** What is wrong with a writer's records, read on another machine: one that was acknowledged and is lost, or any that is torn. */
export async function recordFaults(
  lab: LabStack,
  reader: string,
  { machine, work, acknowledged }: Written,
): Promise<string[]> {
  const text = await lab.on(reader, `cat ${FOLDER}/${machine}.${work}`);
  const lines = text === "" ? [] : text.split("\n");
  const right = (number: number): string =>
    `${String(number)} ${createHash("sha256")
      .update(`${machine} ${String(number)}`)
      .digest("hex")}`;
  // The last may have been written and not acknowledged.
  if (work === "replace") {
    const number = Number.parseInt(lines[0] ?? "", 10);
    const isRight = lines[0] === right(number) && number >= acknowledged - 1;
    return isRight ? [] : [`${machine}: ${String(acknowledged)} acknowledged, holds ${text}`];
  }
  // One that was not acknowledged may be there in part, as the last.
  const torn = lines
    .slice(0, acknowledged)
    .flatMap((line, number) => (line === right(number) ? [] : [`${machine}: torn: ${line}`]));
  const lost = acknowledged - lines.length;
  return lost > 0 ? [...torn, `${machine}: ${String(lost)} lost`] : torn;
}
