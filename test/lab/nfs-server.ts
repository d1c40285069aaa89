import assert from "node:assert/strict";
import { setTimeout as sleep } from "node:timers/promises";
import { cause } from "./faults";
import type { LabStack } from "./lab-stack";
import { recordFaults, untilWritten, writeOn } from "./storage-writers";

const AWAY_SECONDS = 60;

/** Makes the lab's visitor the server that a user would have: NFS 4 alone, every write on disk before it is acknowledged. */
export async function serveNfs(lab: LabStack): Promise<void> {
  await lab.on(
    "visitor",
    `mkdir -p /srv/data /etc/nfs.conf.d
echo '/srv/data 10.77.0.0/24(rw,sync,no_subtree_check,no_root_squash)' >/etc/exports
printf '[nfsd]\\nvers3=n\\n' >/etc/nfs.conf.d/lab.conf
systemctl enable --quiet --now nfs-server
exportfs -ra`,
  );
}

/** An environment whose server is not there yet: its machines are made, found to be right, and left alone. */
export async function serverIsMissing(lab: LabStack, machines: readonly string[]): Promise<void> {
  const { code, text } = await lab.run("up");
  assert.equal(code, 1, text);
  for (const machine of machines) {
    assert.match(
      text,
      new RegExp(`${machine}: storage\\.server: 10\\.77\\.1\\.10 does not answer on TCP port 2049`),
    );
    assert.equal(await lab.on(machine, "ls -A /etc/swarmstead /var/data 2>/dev/null || true"), "");
  }
}

/** The server's power is cut and given back: programs wait, none is told of an error, nothing acknowledged is lost. */
export async function serverIsAway(lab: LabStack, machines: readonly string[]): Promise<void> {
  const writers = await writeOn(lab, machines);
  const fault = await cause(lab, "power", "visitor");
  await sleep(AWAY_SECONDS * 1000);
  const status = await lab.status();
  assert.match(JSON.stringify(status.problems), /the server does not answer/);
  await fault.undo();
  await untilWritten(writers, 10, 400);
  const written = await Promise.all(writers.map((writer) => writer.end()));
  for (const each of written) {
    assert.deepEqual(await recordFaults(lab, machines[0] ?? "", each), []);
  }
  const stalls = written.map(({ longestStall }) => longestStall.toFixed(0)).join(", ");
  process.stderr.write(
    `      ${String(AWAY_SECONDS)} s without the server, and its boot: stalls ${stalls} s\n`,
  );
}

/** Machines whose programs wait for the server are shut down in order, within the time that the storage may take. */
export async function shutDownWithoutServer(
  lab: LabStack,
  machines: readonly string[],
): Promise<void> {
  const writers = await writeOn(lab, machines);
  await cause(lab, "power", "visitor");
  // Until each waits in the middle of a write.
  await sleep(10_000);
  const { seconds, text } = await lab.must("down");
  assert.doesNotMatch(text, /its power is cut/);
  process.stderr.write(`      down without the server ${seconds.toFixed(0)} s\n`);
  await Promise.all(writers.map((writer) => writer.end()));
  await lab.must("up");
  assert.equal(await lab.on(machines[0] ?? "", "cat /var/data/hello"), "hello");
}
