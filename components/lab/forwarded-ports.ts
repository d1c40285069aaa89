import { createHash } from "node:crypto";
import { existsSync, readFileSync } from "node:fs";
import { createServer } from "node:net";
import { join } from "node:path";
import { writeWhole } from "../lib/write-whole";

/** Port of a VM to the port of this computer's loopback address that leads to it; by the VM's name, or by the entry's address. */
export type ForwardedPorts = Record<string, Record<string, number>>;

/** TCP ports of the entry's address that this computer has to reach. */
export const ENTRY_PORTS: readonly number[] = [80, 443];

const FIRST = 20000;
const SLOTS = 400;
const SLOT_SIZE = 30;

function file(state: string): string {
  return join(state, "lab", "ports.json");
}

/** The ports that were chosen for the lab; empty before its first start. */
export function readPorts(state: string): ForwardedPorts {
  return existsSync(file(state))
    ? (JSON.parse(readFileSync(file(state), "utf8")) as ForwardedPorts)
    : {};
}

function isFree(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const server = createServer();
    server.once("error", () => {
      resolve(false);
    });
    server.listen(port, "127.0.0.1", () => {
      server.close(() => {
        resolve(true);
      });
    });
  });
}

/**
 * A line for each port that was chosen before and that a program holds by now; the lab's own gateway does while it runs.
 *
 * @param wanted ports of each VM, or address, that this computer has to reach
 */
export async function findTakenPorts(
  state: string,
  wanted: Readonly<Record<string, readonly number[]>>,
): Promise<string[]> {
  const ports = readPorts(state);
  const lines: string[] = [];
  for (const [name, list] of Object.entries(wanted)) {
    for (const port of list) {
      const here = ports[name]?.[String(port)];
      if (here !== undefined && !(await isFree(here))) {
        const way = `127.0.0.1:${String(here)}`;
        lines.push(
          `${way}: must be free, since it leads to ${name}'s port ${String(port)}, got a program that listens there; end it (ss -ltnp 'sport = :${String(here)}' tells which), then run the command again`,
        );
      }
    }
  }
  return lines;
}

/** Where the search begins: labs of different folders begin apart, so that one that is stopped keeps its ports. */
export function firstPort(state: string): number {
  const digest = createHash("sha256").update(state).digest();
  return FIRST + (digest.readUInt16BE(0) % SLOTS) * SLOT_SIZE;
}

/**
 * Chooses free ports for what has none yet, and remembers them; those that were chosen before stay.
 *
 * @param wanted ports of each VM, or address, that this computer has to reach
 */
export async function choosePorts(
  state: string,
  wanted: Readonly<Record<string, readonly number[]>>,
): Promise<void> {
  const ports = readPorts(state);
  const used = new Set(Object.values(ports).flatMap((own) => Object.values(own)));
  let candidate = firstPort(state);
  for (const [name, list] of Object.entries(wanted)) {
    const own = (ports[name] ??= {});
    for (const port of list) {
      while (own[String(port)] === undefined) {
        if (!used.has(candidate) && (await isFree(candidate))) {
          own[String(port)] = candidate;
        }
        used.add(candidate);
        candidate += 1;
      }
    }
  }
  writeWhole(file(state), `${JSON.stringify(ports, null, 2)}\n`);
}
