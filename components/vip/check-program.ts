import { readFileSync } from "node:fs";
import { join } from "node:path";
import { withValues } from "../lib/shell";

/** Where the program lies that says whether a machine may hold the address. */
export const CHECK_PROGRAM = "/usr/local/lib/swarmstead/check-entry";

const SCRIPT = join(__dirname, "scripts/check-entry.sh");

/** Part of the time between two checks that Traefik may take for its answer; the rest is for the program itself. */
const ANSWER_PART = 0.8;
/** From one round of pings to the end of the next: one begins every 2 s, and may ask twice for 1 s each. */
const ROUNDS_SECONDS = 4;

export interface CheckSpec {
  /** URL that the machine's own Traefik answers with 200 as long as it takes requests; with a port. */
  pingUrl: string;
  /** How often the program is run. */
  checkSeconds: number;
  /** Private addresses of the other managers. */
  peers: readonly string[];
}

/** How long all others may be silent before a machine takes itself for cut off, in seconds. */
export function silentSeconds(checkSeconds: number): number {
  return ROUNDS_SECONDS + 2 * checkSeconds;
}

/** The program, with what it has to know of the environment in it. */
export function renderCheckProgram({ pingUrl, checkSeconds, peers }: CheckSpec): string {
  const { hostname, port, pathname } = new URL(pingUrl);
  const values = {
    PING_HOST: hostname,
    PING_PORT: port,
    PING_PATH: pathname,
    ANSWER_SECONDS: (ANSWER_PART * checkSeconds).toFixed(2),
    PEERS: peers.join(" "),
    SILENT_SECONDS: silentSeconds(checkSeconds).toFixed(2),
  };
  return `#!/bin/bash\n${withValues(readFileSync(SCRIPT, "utf8"), values)}`;
}
