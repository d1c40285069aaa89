import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { cpSync, readFileSync, renameSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { after, before } from "node:test";
import { ofCampaign } from "./budget";
import { LabStack } from "./lab-stack";
import { VAULT } from "./secrets";

// The keys of one machine rotated, and its state and passphrase lost: docs/state-and-keys.md, tried in its order.
const lab = new LabStack();
const path = (name: string): string => join(lab.folder, name);
let key = "";

/** Two names of an app's secret differ, and what is else in the swarm stays. */
const READ_SWARM = `
docker ps --no-trunc --format '{{.ID}} {{.Names}}' --filter name=whoami | sort
docker network ls --no-trunc --format '{{.ID}} {{.Name}}' | grep -v -e bridge -e host -e none | sort
docker node ls --format '{{.ID}} {{.Hostname}}'
`;

/** What has to outlive the loss of every file here: the VMs' processes, containers, networks, nodes. */
async function facts(): Promise<string> {
  const { machines } = await lab.status();
  const pids = machines.map(({ name, pid }) => `${name} ${String(pid)}`).join("\n");
  return `${pids}\n${await lab.on("node1", READ_SWARM)}`;
}

const secretNames = (): Promise<string> =>
  lab.on("node1", "docker secret ls --format '{{.Name}}' | sort");

async function adopted(what: string, before: string): Promise<void> {
  const adopt = await lab.runWith(key, "adopt");
  assert.equal(adopt.code, 0, adopt.text);
  assert.ok(!adopt.text.includes(key), "the key shows nowhere");
  assert.equal(await facts(), before);
  const preview = await lab.run("preview", "--expect-no-changes");
  assert.equal(preview.code, 0, preview.text);
  assert.equal((await lab.must("recovery-key")).stdout.trim(), key);
  process.stderr.write(`      ${what}: adopted in ${adopt.seconds.toFixed(0)} s\n`);
}

before(() => {
  lab.edit("Pulumi.dev.yaml", () => readFileSync(path("examples/one-node.yaml"), "utf8"));
  lab.write("apps/vault/compose.yaml", VAULT);
  lab.configure(["apps", "vault"], {});
});

after(async () => {
  const { code, text } = await lab.run("destroy", "--yes");
  // Its folder stays where it failed: the lab can be ended there.
  assert.equal(code, 0, text);
  lab.remove();
});

ofCampaign("a recovery key is printed alone on stdout", async () => {
  await lab.must("up");
  key = (await lab.must("recovery-key")).stdout.trim();
  assert.match(key, /^[0-9A-Za-z]{64}$/);
});

ofCampaign("the stack's key rotates, an operator gets a way in, and no VM is rebuilt", async () => {
  const before = await facts();
  const old = path("old-key");
  cpSync(join(lab.state, "ssh/id_ed25519"), old);
  const own = path("alice");
  execFileSync("ssh-keygen", ["-q", "-t", "ed25519", "-N", "", "-C", "", "-f", own]);
  const publicKey = readFileSync(`${own}.pub`, "utf8").trim();
  lab.configure(["access"], { operatorKey: 2, operators: { alice: publicKey } });
  const up = await lab.must("up");
  process.stderr.write(`      rotated in ${up.seconds.toFixed(0)} s\n`);
  for (const machine of ["node1", "visitor"]) {
    const names = await lab.on(machine, "cut -d' ' -f3 ~swarmstead/.ssh/authorized_keys");
    assert.equal(names, "swarmstead-key-2\nswarmstead-key-3\nalice", machine);
  }
  const login = (identity: string): number => {
    const config = join(lab.state, "ssh/config");
    const text = readFileSync(config, "utf8").replace(
      /IdentityFile .*/,
      `IdentityFile "${identity}"`,
    );
    writeFileSync(path("other-config"), text);
    try {
      execFileSync("ssh", ["-n", "-F", path("other-config"), "node1", "true"], { stdio: "pipe" });
      return 0;
    } catch (error) {
      return (error as { status: number }).status;
    }
  };
  assert.equal(login(own), 0, "the operator is let in");
  assert.equal(login(old), 255, "the old key is not");
  assert.equal(await facts(), before);
  assert.equal((await lab.run("preview", "--expect-no-changes")).code, 0);
});

ofCampaign("an app's secret rotates to a new object, and the old one goes", async () => {
  const before = await secretNames();
  lab.edit("apps/vault/compose.yaml", (text) =>
    text.replace("x-generate-length: 40", "x-generate-length: 40, x-generation: 2"),
  );
  await lab.must("up");
  const now = await secretNames();
  assert.match(now, /^vault-token-[0-9a-f]{12}$/);
  assert.notEqual(now, before);
});

ofCampaign("a wrong recovery key changes nothing", async () => {
  const files = (): string =>
    execFileSync(
      "bash",
      [
        "-c",
        `find "$1" -type f -not -path '*/lab/*' -exec sha256sum {} + | sort`,
        "-",
        path(".swarmstead"),
      ],
      { encoding: "utf8" },
    );
  const before = files();
  const wrong = `${key.slice(0, 30)}${key[30] === "A" ? "B" : "A"}${key.slice(31)}`;
  const adopt = await lab.runWith(wrong, "adopt");
  assert.equal(adopt.code, 1, adopt.text);
  assert.match(adopt.text, /give that stack's own recovery key/);
  assert.equal(files(), before);
});

ofCampaign(
  "a lost state comes back by the recovery key, and nothing that runs notices",
  async () => {
    const before = await facts();
    renameSync(path(".swarmstead/state"), path("lost-state"));
    await adopted("state lost", before);
  },
);

ofCampaign("a lost passphrase is told, and comes back likewise", async () => {
  const before = await facts();
  writeFileSync(join(lab.state, "passphrase"), "forgotten\n");
  const up = await lab.run("up");
  assert.equal(up.code, 1, up.text);
  assert.match(up.text, /passphrase/);
  assert.match(up.text, /adopt/);
  await adopted("passphrase lost", before);
});
