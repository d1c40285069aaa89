import assert from "node:assert/strict";
import { timed } from "./budget";
import { cause, FAULT_KINDS, type FaultKind } from "./faults";
import type { LabStack } from "./lab-stack";
import { randomFrom, SEED, shuffled } from "./seeded";
import { replicasAt } from "./whoami-probe";

/** A fault that nothing here uses yet goes unseen: the disk is for shared storage. */
const UNSEEN: readonly FaultKind[] = ["disk"];

const NOTICE_SECONDS = 120;
const RECOVERY_SECONDS = 400;

interface Draw<Kind> {
  kind: Kind;
  machine: string;
}

/**
 * Every kind of fault once, in a drawn order, each on a drawn machine; then every kind once more, until there are enough.
 *
 * @param count how many there are to be. @default as many as there are kinds
 */
export function drawFaults<Kind>(
  seed: number,
  machines: readonly string[],
  kinds: readonly Kind[],
  count = kinds.length,
): Draw<Kind>[] {
  const random = randomFrom(seed);
  const draws: Draw<Kind>[] = [];
  while (draws.length < count && kinds.length > 0) {
    const round = shuffled(random, kinds).map((kind) => ({
      kind,
      machine: machines[Math.floor(random() * machines.length)] ?? "",
    }));
    draws.push(...round);
  }
  return draws.slice(0, count);
}

/** Asks until an answer is right, and says after how many seconds it was. */
async function until(
  limitSeconds: number,
  ask: () => Promise<{ right: boolean; text: string }>,
): Promise<number> {
  const started = Date.now();
  for (;;) {
    const { right, text } = await ask();
    const seconds = (Date.now() - started) / 1000;
    if (right) {
      return seconds;
    }
    assert.ok(seconds < limitSeconds, `not after ${seconds.toFixed(0)} s: ${text}`);
  }
}

/** Whatever befalls one machine: doctor names it, the others serve, and all is well once it ends. */
export function drawnFaults(lab: LabStack, machines: readonly string[]): void {
  for (const { kind, machine } of drawFaults(SEED, machines, FAULT_KINDS)) {
    timed(
      `${kind} of ${machine}: it is named, the others serve, and all is well after its end`,
      async () => {
        const names = "docker node ls --format '{{.ID}} {{.Hostname}} {{.Status}}' | sort";
        const eye = machines.find((name) => name !== machine) ?? "";
        const before = await lab.on(eye, names);
        const { machines: all } = await lab.status();
        const place = all.find(({ name }) => name === machine)?.swarm ?? "";
        const fault = await cause(lab, kind, machine);
        let noticed = "not asked";
        let served = 0;
        try {
          if (!UNSEEN.includes(kind)) {
            const seconds = await until(NOTICE_SECONDS, async () => {
              const { code, stdout, text } = await lab.run("doctor");
              return { right: code === 1 && stdout.includes(`${machine}: `), text };
            });
            noticed = `${seconds.toFixed(0)} s`;
          }
          for (const other of all.filter(({ name }) => machines.includes(name))) {
            if (other.name !== machine) {
              served += await until(NOTICE_SECONDS, async () => {
                const address = other.ports?.["8080"] ?? "";
                const silence = await replicasAt(address, 1).then(() => "", String);
                return { right: silence === "", text: silence };
              });
            }
          }
        } finally {
          await fault.undo();
        }
        const recovered = await until(RECOVERY_SECONDS, async () => {
          const { code, text } = await lab.run("status");
          return { right: code === 0, text };
        });
        process.stderr.write(
          `      ${kind} of ${machine} (${place}): named after ${noticed}, the others served ${served.toFixed(0)} s after that, well ${recovered.toFixed(0)} s after its end\n`,
        );
        assert.equal(await lab.on(eye, names), before, "the same ids, no ghost");
      },
    );
  }
}
