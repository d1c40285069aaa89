import { spawn } from "node:child_process";
import { createHash } from "node:crypto";
import type { LabStack } from "./lab-stack";

/** How the launcher is interrupted: asked to end, or killed. */
export type Interrupt = "SIGINT" | "SIGKILL";

/** What an interrupted call left behind. */
export interface InterruptedCall {
  /** Exit code; `null` where the signal itself ended the launcher. */
  code: number | null;
  /** Both streams, as far as the launcher passed them on. */
  text: string;
  /** Whether the signal came before the launcher had ended by itself. */
  inTime: boolean;
  seconds: number;
}

/** A moment within a call, and how it is interrupted there. */
export interface Point {
  afterMs: number;
  signal: Interrupt;
}

/** A moment within a call of the given length. */
export function drawPoint(random: () => number, seconds: number): Point {
  const afterMs = Math.floor(random() * seconds * 1000);
  return { afterMs, signal: random() < 0.5 ? "SIGINT" : "SIGKILL" };
}

/**
 * Runs `./swarmstead …` in the lab's copy and interrupts its launcher, and that process alone, after a time; waits until
 * the launcher has ended. What a killed one leaves behind is not waited for.
 */
export function interruptedRun(
  lab: LabStack,
  words: readonly string[],
  { afterMs, signal }: Point,
): Promise<InterruptedCall> {
  const started = Date.now();
  return new Promise((resolve, reject) => {
    // A group of its own, as a terminal gives it one. The launcher's shell becomes its node, with the same number.
    const child = spawn("./swarmstead", words, {
      cwd: lab.folder,
      stdio: ["ignore", "pipe", "pipe"],
      detached: true,
    });
    let text = "";
    for (const stream of [child.stdout, child.stderr]) {
      stream.setEncoding("utf8").on("data", (part: string) => {
        text += part;
      });
    }
    let inTime = false;
    const timer = setTimeout(() => {
      inTime = child.kill(signal);
    }, afterMs);
    child.on("error", reject);
    // Not "close": orphans may hold the streams open.
    child.on("exit", (code) => {
      clearTimeout(timer);
      const seconds = (Date.now() - started) / 1000;
      // What was written before the end still lies in the pipes.
      setTimeout(() => {
        child.stdout.destroy();
        child.stderr.destroy();
        resolve({ code, text, inTime, seconds });
      }, 200);
    });
  });
}

/**
 * What a machine is, without times and numbers of its life: files by content, units that run, and the names of what
 * Docker has. Two machines that were made from the same environment are equal in it, but for `SECRETS`.
 */
const READ_OUTCOME = `
find /etc /usr/local /var/lib/swarmstead -xdev -type f -exec sha256sum {} + | sort -k2
find /etc /usr/local /var/lib/swarmstead -xdev -printf '%M %u %g %p %l\\n' | sort
systemctl list-units --type=service --state=running --no-legend --plain | cut -d' ' -f1 | sort
docker ps --format '{{.Names}}' | sed 's/\\.[a-z0-9]*$//' | sort
docker network ls --format '{{.Name}} {{.Driver}} {{.Scope}}' | sort
docker service ls --format '{{.Name}} {{.Mode}} {{.Replicas}} {{.Image}}' 2>/dev/null | sort
docker secret ls --format '{{.Name}}' 2>/dev/null | sed 's/-[0-9a-f]*$//' | sort
docker node ls --format '{{.Hostname}} {{.Status}} {{.Availability}} {{.ManagerStatus}}' 2>/dev/null | sort
nft --stateless list table inet swarmstead
`;

/** Files that differ from one making of a machine to the next, whatever was interrupted: keys, ids, seeds. */
const OF_ONE_LIFE = [
  /\/etc\/(machine-id|hostid|adjtime|\.updated|resolv\.conf)$/,
  /\/etc\/ssh\/ssh_host_/,
  /\/etc\/docker\/key\.json$/,
  /\/etc\/(passwd|shadow|group|gshadow)-?$/,
  /\/etc\/ssl\//,
  /\/etc\/sudoers\.d\/90-cloud-init-users$/,
  /\/etc\/ld\.so\.cache$/,
  // The hash of a step that has the stack's keys among its values.
  /\/stamps\/[^/]+-access$/,
];

/** The lines of a machine's outcome that two lives of it share. */
export async function readOutcome(lab: LabStack, machine: string): Promise<string[]> {
  const text = await lab.on(machine, READ_OUTCOME);
  return text.split("\n").filter((line) => {
    const path = /\s(\/\S+)/.exec(line)?.[1] ?? "";
    return !OF_ONE_LIFE.some((pattern) => pattern.test(path));
  });
}

/** The lines that one of two outcomes has alone; both in thousands of lines would hide them. */
export function outcomeDifference(before: readonly string[], now: readonly string[]): string[] {
  return [
    ...before.filter((line) => !now.includes(line)).map((line) => `- ${line}`),
    ...now.filter((line) => !before.includes(line)).map((line) => `+ ${line}`),
  ];
}

/** A short name of an outcome, to compare by eye. */
export function outcomeHash(lines: readonly string[]): string {
  return createHash("sha256").update(lines.join("\n")).digest("hex").slice(0, 12);
}
