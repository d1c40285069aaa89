import { readFileSync } from "node:fs";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import type { LabStack } from "../lab-stack";
import { SshStream } from "../ssh-stream";
import { type HolderLook, type HolderSample, parseLook, timeLooks } from "./holder-times";

const PROGRAM = join(__dirname, "holder-samples.py");
const START_SECONDS = 60;

/** What a machine has to say that had no cable, it says when its kernel sends again: later, the longer it was without. */
const CATCH_UP_SECONDS = 90;
const FRESH_SECONDS = 2;

/** Minutes without a cable are waited for; a machine that has started anew says at once that it knows nothing of it. */
const PATIENT = ["-o", "ServerAliveInterval=15", "-o", "ServerAliveCountMax=20"];

/** Looks at one machine, which may lose its power meanwhile: then again as soon as it answers. */
class MachineWatch {
  /** By connection, since a machine that has started anew has another clock. */
  private readonly looks: HolderLook[][] = [];
  private stream: SshStream | undefined;
  private isEnded = false;
  private readonly watching: Promise<void>;

  public constructor(
    private readonly lab: LabStack,
    private readonly machine: string,
    private readonly words: string,
  ) {
    this.watching = this.watch();
  }

  private async watch(): Promise<void> {
    while (!this.isEnded) {
      const looks: HolderLook[] = [];
      this.looks.push(looks);
      this.stream = new SshStream(this.lab, this.machine, {
        command: `sudo python3 - ${this.words}`,
        input: readFileSync(PROGRAM, "utf8"),
        options: PATIENT,
        onLine: (line, arrived) => looks.push(parseLook(line, arrived / 1000)),
      });
      await this.stream.ended;
      await sleep(1000);
    }
  }

  public get count(): number {
    return this.looks.reduce((sum, { length }) => sum + length, 0);
  }

  /** Whether what it says comes as it is said. */
  private isFresh(): boolean {
    const last = this.looks.findLast(({ length }) => length > 0)?.at(-1);
    return last !== undefined && Date.now() / 1000 - last.arrived < FRESH_SECONDS;
  }

  public async end(): Promise<HolderSample[]> {
    if (!this.isFresh()) {
      const began = Date.now();
      while (!this.isFresh() && Date.now() - began < CATCH_UP_SECONDS * 1000) {
        await sleep(200);
      }
      // All that has waited comes at once, but not as one.
      await sleep(FRESH_SECONDS * 1000);
    }
    await this.kill();
    return this.looks.flatMap(timeLooks);
  }

  public async kill(): Promise<void> {
    this.isEnded = true;
    await this.stream?.kill();
    await this.watching;
  }
}

/** Looks at who holds an address, on every machine ten times a second, until it is ended. */
export class HolderWatch {
  private constructor(private readonly watches: Readonly<Record<string, MachineWatch>>) {}

  /** Starts it, and waits until each machine has looked. */
  public static async start(
    lab: LabStack,
    machines: readonly string[],
    { address, gateway }: { address: string; gateway: string },
  ): Promise<HolderWatch> {
    const watches = Object.fromEntries(
      machines.map((name) => [name, new MachineWatch(lab, name, `${address} ${gateway}`)]),
    );
    const began = Date.now();
    while (Object.values(watches).some(({ count }) => count === 0)) {
      if (Date.now() - began > START_SECONDS * 1000) {
        await Promise.all(Object.values(watches).map((each) => each.kill()));
        const silent = machines.filter((name) => watches[name]?.count === 0);
        throw new Error(`${silent.join(", ")}: who holds the address cannot be looked at`);
      }
      await sleep(200);
    }
    return new HolderWatch(watches);
  }

  /** Ends it; the samples of each machine by its name, in order of time. */
  public async end(): Promise<Record<string, HolderSample[]>> {
    const entries = await Promise.all(
      Object.entries(this.watches).map(async ([name, watch]) => [name, await watch.end()] as const),
    );
    return Object.fromEntries(entries);
  }
}
