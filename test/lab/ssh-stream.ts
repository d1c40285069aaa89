import { type ChildProcess, spawn } from "node:child_process";
import { join } from "node:path";
import { createInterface } from "node:readline";
import type { LabStack } from "./lab-stack";

export interface SshStreamArgs {
  /** The command line on the machine, for its shell. */
  command: string;
  /** What the command reads on stdin, which then ends; left open until `finish` where it is absent. */
  input?: string;
  /** Options of ssh that go before those of the lab. @default none */
  options?: readonly string[];
  /** Is told of each line, and when it came, in ms since 1970 by this computer's clock. */
  onLine: (line: string, arrived: number) => void;
}

/** A command on a machine that goes on, and whose lines are kept here, as its machine may lose its power. */
export class SshStream {
  /** Its end, whether by itself or by us, with ssh's exit code. */
  public readonly ended: Promise<number | null>;
  private readonly child: ChildProcess;
  private complaints = "";

  public constructor(
    lab: LabStack,
    public readonly machine: string,
    { command, input, options = [], onLine }: SshStreamArgs,
  ) {
    const words = [...options, "-F", join(lab.state, "ssh/config"), machine, command];
    const child = spawn("ssh", words, { stdio: ["pipe", "pipe", "pipe"] });
    this.child = child;
    // A machine that is off takes nothing.
    child.stdin.on("error", () => undefined);
    if (input !== undefined) {
      child.stdin.end(input);
    }
    createInterface({ input: child.stdout }).on("line", (line) => {
      onLine(line, Date.now());
    });
    child.stderr.setEncoding("utf8").on("data", (text: string) => {
      this.complaints = `${this.complaints}${text}`.slice(-4000);
    });
    this.ended = new Promise((resolve, reject) => {
      child.on("error", reject);
      child.on("close", resolve);
    });
  }

  /** The last that came on its stderr, ssh's own words among it. */
  public get words(): string {
    return this.complaints.trimEnd();
  }

  /** Ends its stdin, and waits until it has ended by itself. */
  public async finish(): Promise<number | null> {
    this.child.stdin?.end();
    return this.ended;
  }

  /** Ends it at once. */
  public async kill(): Promise<void> {
    this.child.kill();
    await this.ended;
  }
}
