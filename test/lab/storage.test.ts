import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { after, before } from "node:test";
import { ofCampaign } from "./budget";
import { cause } from "./faults";
import { LabStack } from "./lab-stack";
import { readFacts } from "./machine-facts";
import { recordFaults, Writer } from "./storage-writers";

// The example of three machines that share a Ceph file system. Only in a campaign: Ceph's daemons on emulated
// processors take most of them.
const MACHINES = ["node1", "node2", "node3"];
const lab = new LabStack();

function say(text: string): void {
  process.stderr.write(`      ${text}\n`);
}

/** Waits until the storage is whole again, with no command. */
async function untilWhole(limitSeconds: number): Promise<number> {
  const started = Date.now();
  for (;;) {
    const status = await lab.status();
    const seconds = (Date.now() - started) / 1000;
    if (status.problems.length === 0 && status.storage?.degraded === false) {
      return seconds;
    }
    assert.ok(seconds < limitSeconds, JSON.stringify(status, null, 2));
  }
}

before(() => {
  lab.edit("Pulumi.dev.yaml", () => readFileSync(join(lab.folder, "examples/ceph.yaml"), "utf8"));
});

after(async () => {
  const { code, text } = await lab.run("destroy", "--yes");
  assert.equal(code, 0, text);
  lab.remove();
});

ofCampaign(
  "up from nothing ends with a healthy file system, the same on every machine",
  async () => {
    const { seconds } = await lab.must("up");
    const { storage } = await lab.status();
    assert.equal(storage?.health, "HEALTH_OK");
    assert.equal(storage.degraded, false);
    assert.ok(MACHINES.includes(storage.activeMds ?? ""), String(storage.activeMds));
    say(`up ${seconds.toFixed(0)} s`);
    await lab.on("node1", "echo hello >/var/data/hello");
    for (const machine of MACHINES) {
      assert.equal(
        await lab.on(machine, "cat /var/data/hello; stat -f -c %T /var/data"),
        "hello\nceph",
      );
    }
  },
);

ofCampaign("a second up changes nothing on any machine", async () => {
  const facts = await readFacts(lab, MACHINES);
  await lab.must("up");
  assert.deepEqual(await readFacts(lab, MACHINES), facts);
});

ofCampaign(
  "the mount's client cannot administer, and the bare mountpoint takes nothing",
  async () => {
    const said = await lab.on(
      "node1",
      `timeout 60 ceph --id swarm --keyring <(printf '[client.swarm]\\nkey = %s\\n' "$(cat /etc/ceph/swarm.secret)") auth ls 2>&1 || true`,
    );
    assert.match(said, /EACCES|access denied/);
    const bare = await lab.on(
      "node1",
      "mkdir -p /run/bare && mount --bind / /run/bare && touch /run/bare/var/data/x 2>&1; umount /run/bare",
    );
    assert.match(bare, /Operation not permitted/);
  },
);

for (const victim of MACHINES) {
  ofCampaign(
    `${victim} loses its power: no acknowledged record is lost, and it comes back whole`,
    async () => {
      await lab.on("node1", "rm -rf /var/data/runtime/writers");
      const { storage, machines } = await lab.status();
      const place = machines.find(({ name }) => name === victim)?.swarm ?? "";
      const writers = MACHINES.map((machine) => new Writer(lab, machine));
      while (writers.some(({ acknowledged }) => acknowledged < 10)) {
        await new Promise((resolve) => setTimeout(resolve, 1000));
      }
      const fault = await cause(lab, "power", victim);
      await new Promise((resolve) => setTimeout(resolve, 150_000));
      const written = await Promise.all(writers.map((writer) => writer.end()));
      const alive = written.filter(({ machine }) => machine !== victim);
      const eye = alive[0]?.machine ?? "";
      for (const each of written) {
        assert.deepEqual(await recordFaults(lab, eye, each), []);
      }
      const stalls = alive.map(({ longestStall }) => longestStall.toFixed(1)).join(", ");
      say(
        `${victim} (${place}${storage?.activeMds === victim ? ", active MDS" : ""}): stalls ${stalls} s`,
      );
      await fault.undo();
      say(`whole again after ${(await untilWhole(900)).toFixed(0)} s`);
    },
  );
}

ofCampaign("all lose their power, two come back and serve, then the third", async () => {
  await lab.must("power", "off", ...MACHINES);
  await lab.must("power", "on", "node1", "node2");
  const started = Date.now();
  await lab.on(
    "node1",
    "timeout 900 bash -c 'until mountpoint -q /var/data && docker node ls >/dev/null 2>&1; do sleep 3; done'; cat /var/data/hello",
  );
  say(`two of three serve after ${((Date.now() - started) / 1000).toFixed(0)} s`);
  await lab.must("power", "on", "node3");
  say(`whole again after ${(await untilWhole(900)).toFixed(0)} s`);
});
