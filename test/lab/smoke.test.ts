import assert from "node:assert/strict";
import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { after, before, test } from "node:test";
import { z } from "zod";
import { timed } from "./budget";
import { blackout, death } from "./deaths";
import { drawnFaults } from "./drawn-faults";
import { drift } from "./drift";
import { hostKey } from "./host-key";
import { LabStack } from "./lab-stack";
import { failuresOf } from "./load-figures";
import { expectFacts, readFacts } from "./machine-facts";
import { rolling } from "./rolling";
import { say } from "./say";
import { secretsStaySecret } from "./secrets";
import { SEED } from "./seeded";
import { sickness } from "./sickness";
import { strangers } from "./strangers";
import { EACH_NODE, VisitorLoad } from "./visitor-load";
import { replicasAt } from "./whoami-probe";

// The whole life of one lab, in order: each test goes on from the state that the one before has left.
const MANAGERS = ["node1", "node2", "node3"];
const APP = "apps/whoami/compose.yaml";
const lab = new LabStack();

interface Times {
  beforeEngineSeconds: number;
  phases: { phase: string; fromSeconds: number; toSeconds: number }[];
}

function lastTimes(): Times {
  return JSON.parse(
    readFileSync(join(lab.folder, ".swarmstead/dev/last-up.json"), "utf8"),
  ) as Times;
}

async function servicesAt(port: string): Promise<string[]> {
  const { machines } = await lab.status();
  return machines.map(({ ports }) => ports?.[port] ?? "");
}

before(async () => {
  say(`SWARMSTEAD_SEED=${String(SEED)}`);
  const { code, text } = await lab.run("status");
  assert.equal(code, 1, text);
});

after(async () => {
  const { code, text } = await lab.run("destroy", "--yes");
  // Its folder stays where it failed: the lab can be ended there.
  assert.equal(code, 0, text);
  lab.remove();
});

let reachableToEnd = 0;

test("up from nothing ends with three managers and an app that answers through each", async () => {
  const up = await lab.must("up");
  const { phases } = lastTimes();
  const contact = phases.find(({ phase }) => phase === "contact");
  assert.ok(contact);
  // To the end of the command, the examination with it: the second up examines, too.
  reachableToEnd = up.seconds - lastTimes().beforeEngineSeconds - contact.toSeconds;
  say(`first up ${up.seconds.toFixed(0)} s: ${JSON.stringify(lastTimes())}`);

  const status = await lab.status();
  assert.deepEqual(status.problems, []);
  assert.deepEqual(status.machines.map(({ swarm }) => swarm).sort(), [
    "leader",
    "reachable",
    "reachable",
  ]);
  assert.deepEqual(status.services, [{ name: "whoami_whoami", running: 2, desired: 2 }]);
  for (const address of await servicesAt("8080")) {
    assert.equal((await replicasAt(address)).size, 2, address);
  }
});

test("status --json is what its schema says", async () => {
  const schema = JSON.parse(
    readFileSync(join(lab.folder, "docs/status.schema.json"), "utf8"),
  ) as object;
  z.fromJSONSchema(schema as Parameters<typeof z.fromJSONSchema>[0]).parse(await lab.status());
});

test("ssh gives the command's output and exit code, on the visitor too", async () => {
  const named = await lab.run("ssh", "node2", "hostname; exit 7");
  assert.deepEqual([named.stdout.trim(), named.code], ["node2", 7]);
  assert.equal(await lab.on("visitor", "hostname"), "visitor");
});

test("preview shows no change, and a second up changes nothing in less than a fifth of the time", async () => {
  const preview = await lab.run("preview", "--expect-no-changes");
  assert.equal(preview.code, 0, preview.text);
  const before = await readFacts(lab, MANAGERS);
  const up = await lab.must("up");
  await expectFacts(lab, before);
  say(
    `second up ${up.seconds.toFixed(1)} s; the first took ${reachableToEnd.toFixed(1)} s from "VMs reachable"`,
  );
  assert.ok(up.seconds < reachableToEnd / 5, `${String(up.seconds)} s`);
});

timed("every step run again changes nothing", async () => {
  const before = await readFacts(lab, MANAGERS);
  const { stdout } = await lab.must("repair", "--all");
  assert.match(stdout, /node1-docker: ran/);
  assert.match(stdout, /node3-member: ran/);
  assert.match(stdout, /whoami-deploy: ran/);
  await expectFacts(lab, before);
});

timed("the machines' packets are as large as the network lets them be", async () => {
  for (const node of MANAGERS) {
    const mtu = await lab.on(
      node,
      "docker network inspect docker_gwbridge ingress --format '{{index .Options \"com.docker.network.driver.mtu\"}}'",
    );
    assert.equal(mtu, "1500\n1450", node);
  }
});

timed("a new image shows as the changed line, and rolls without a failed request", async () => {
  for (const node of MANAGERS) {
    await lab.on(node, "docker tag swarmstead/whoami:1.0 swarmstead/whoami:1.1");
  }
  lab.edit(APP, (text) => text.replace("swarmstead/whoami:1.0", "swarmstead/whoami:1.1"));
  const preview = await lab.must("preview");
  assert.match(preview.stdout, /-.*image: swarmstead\/whoami:1\.0/);
  assert.match(preview.stdout, /\+.*image: swarmstead\/whoami:1\.1/);

  const load = await VisitorLoad.start(lab, EACH_NODE);
  await lab.must("up");
  const log = await load.end();
  const failures = failuresOf(log);
  const requests = log.records.length;
  say(`${String(requests)} requests while it rolled, ${String(failures.length)} failed`);
  assert.ok(requests > 50, String(requests));
  assert.deepEqual(failures, []);
  const images = await lab.on(
    "node1",
    "docker service ps whoami_whoami --filter desired-state=running --format '{{.Image}}'",
  );
  assert.deepEqual(new Set(images.split("\n")), new Set(["swarmstead/whoami:1.1"]));
});

timed("an app that does not come up fails with its task's last words", async () => {
  lab.write(
    "apps/broken/compose.yaml",
    'services:\n  broken:\n    image: swarmstead/whoami:1.0\n    command: ["-port", "nonsense"]\n',
  );
  lab.configure(["apps", "broken"], {});
  const up = await lab.run("up");
  assert.equal(up.code, 1, up.text);
  assert.match(up.text, /broken: service broken_broken: its tasks end again and again/);
  assert.match(up.text, /unknown port/);
  lab.configure(["apps", "broken"], undefined);
  await lab.must("up");
});

timed("a worker comes and goes without touching the others", async () => {
  lab.configure(["machines", "worker1"], {
    role: "worker",
    address: "10.77.0.21",
    labels: { disk: "slow" },
  });
  const before = await readFacts(lab, MANAGERS);
  const preview = await lab.must("preview");
  const changed = [...preview.stdout.matchAll(/^\s*[-+~]+ .*\n\s*\[urn=(.*)\]/gm)].map(([, urn]) =>
    urn?.split("::").at(-1),
  );
  assert.ok(changed.length > 0, preview.stdout);
  assert.deepEqual(
    changed.filter((name) => !name?.startsWith("worker1")),
    [],
    preview.stdout,
  );

  await lab.must("up");
  const status = await lab.status();
  assert.equal(status.machines.find(({ name }) => name === "worker1")?.swarm, "worker");
  assert.equal(await lab.on("node3", "getent hosts worker1 | cut -d' ' -f1"), "10.77.0.21");
  assert.equal(await lab.on("worker1", "getent hosts node2 | cut -d' ' -f1"), "10.77.0.12");
  const labels = await lab.on(
    "node1",
    "docker node inspect worker1 --format '{{index .Spec.Labels \"disk\"}}'",
  );
  assert.equal(labels, "slow");

  lab.configure(["machines", "worker1"], undefined);
  await lab.must("up");
  assert.deepEqual(
    (await lab.on("node1", "docker node ls --format '{{.Hostname}}'")).split("\n").sort(),
    MANAGERS,
  );
  const facts = await readFacts(lab, MANAGERS);
  const containers = (text: string): string[] =>
    text.split("\n").filter((line) => /^[0-9a-f]{64} whoami/.test(line));
  for (const node of MANAGERS) {
    assert.deepEqual(containers(facts[node] ?? ""), containers(before[node] ?? ""), node);
  }
});

// What is left out first where the time is used up comes last.
secretsStaySecret(lab, MANAGERS);
sickness(lab, "node2");
drift(lab);
// The leader is among them, whichever it is by then.
for (const victim of MANAGERS) {
  death(lab, MANAGERS, victim);
}
blackout(lab, MANAGERS);
hostKey(lab);
strangers(lab, ["10.77.0.11", "10.77.0.12", "10.77.0.13"]);
rolling(lab, MANAGERS);
drawnFaults(lab, MANAGERS);

timed("down stops every VM in order, and up brings the same cluster back", async () => {
  const down = await lab.must("down");
  say(`down ${down.seconds.toFixed(0)} s`);
  assert.deepEqual(lab.processes(), []);
  const up = await lab.must("up");
  say(`up after down ${up.seconds.toFixed(0)} s`);
  assert.deepEqual((await lab.status()).problems, []);
});

test("no command has changed a tracked file", () => {
  lab.git("checkout", "--quiet", "--", "Pulumi.dev.yaml", APP);
  const changed = lab
    .git("status", "--porcelain")
    .split("\n")
    .filter((line) => line.startsWith(" M"));
  assert.deepEqual(changed, []);
});

test("destroy leaves no process and no file", async () => {
  const { seconds } = await lab.must("destroy", "--yes");
  say(`destroy ${seconds.toFixed(0)} s`);
  assert.deepEqual(lab.processes(), []);
  assert.equal(existsSync(join(lab.folder, ".swarmstead/dev")), false);
});
