import assert from "node:assert/strict";
import { timed } from "./budget";
import { cause } from "./faults";
import type { LabStack } from "./lab-stack";
import { replicasAt } from "./whoami-probe";

/** A line `<id> <name> <status>` of each node. */
function nodes(lab: LabStack, eye: string): Promise<string> {
  return lab.on(eye, "docker node ls --format '{{.ID}} {{.Hostname}} {{.Status}}' | sort");
}

async function addressOf(lab: LabStack, machine: string): Promise<string> {
  const { machines } = await lab.status();
  return machines.find(({ name }) => name === machine)?.ports?.["8080"] ?? "";
}

/** Waits until the app answers at each of the machines, and says after how long. */
async function untilServed(lab: LabStack, machines: readonly string[]): Promise<number> {
  const started = Date.now();
  for (const machine of machines) {
    const address = await addressOf(lab, machine);
    while ((await replicasAt(address, 1).catch(() => new Set())).size === 0) {
      assert.ok(Date.now() - started < 180_000, `${machine} does not serve after 180 s`);
    }
  }
  return (Date.now() - started) / 1000;
}

/** A machine dies; the others serve, and the next `up` brings it back as it was. */
export function death(lab: LabStack, machines: readonly string[], victim: string): void {
  const others = machines.filter((name) => name !== victim);
  timed(
    `${victim} dies: status names it, the others serve, up brings it back as itself`,
    async () => {
      const eye = others[0] ?? "";
      const before = await nodes(lab, eye);
      const { machines: all } = await lab.status();
      const place = all.find(({ name }) => name === victim)?.swarm ?? "";
      await cause(lab, "power", victim);
      const status = await lab.run("status");
      assert.equal(status.code, 1, status.text);
      assert.match(status.stdout, new RegExp(`problem: ${victim}: its VM does not run`));
      const served = await untilServed(lab, others);
      const up = await lab.must("up");
      process.stderr.write(
        `      ${victim} (${place}): the others served ${served.toFixed(1)} s after status, up ${up.seconds.toFixed(0)} s\n`,
      );
      assert.equal(await nodes(lab, eye), before, "the same ids, no ghost");
      assert.match(up.stdout, /\nall well\n/);
    },
  );
}

/** The power of the whole room fails, and comes back. */
export function blackout(lab: LabStack, machines: readonly string[]): void {
  timed(
    "all machines lose their power and get it again: swarm and app are back with no other command",
    async () => {
      const before = await nodes(lab, "node1");
      await lab.must("power", "off", ...machines);
      await lab.must("power", "on", ...machines);
      const started = Date.now();
      for (;;) {
        const { code } = await lab.run("status");
        const seconds = (Date.now() - started) / 1000;
        if (code === 0) {
          process.stderr.write(
            `      all well ${seconds.toFixed(0)} s after the power came back\n`,
          );
          break;
        }
        assert.ok(seconds < 600, `not well after ${String(seconds)} s`);
      }
      assert.equal(await nodes(lab, "node1"), before);
      for (const machine of machines) {
        assert.equal((await replicasAt(await addressOf(lab, machine))).size, 2, machine);
      }
    },
  );
}
