import assert from "node:assert/strict";
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { timed } from "./budget";
import { findLeaks, startAudit, stopAudit } from "./exec-audit";
import type { LabStack } from "./lab-stack";

interface State {
  deployment: { resources: { urn: string; outputs?: Record<string, unknown> }[] };
}

/** An app with a generated secret and a network of its own. */
export const VAULT = `services:
  vault:
    image: swarmstead/whoami:1.0
    networks: [private]
    secrets: [token]
    healthcheck: { test: ["CMD", "/whoami", "-healthcheck"], interval: 15s, start_period: 60s, start_interval: 2s }
networks:
  private: { external: true, name: vault-private }
secrets:
  token: { external: true, x-generate-length: 40 }
`;

/** Every file under a folder, as text. */
function texts(folder: string): string[] {
  return readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => readFileSync(join(entry.parentPath, entry.name), "latin1"));
}

/** What must be seen nowhere: the seed, the keys that follow from it, an app's secret, the tokens of the swarm. */
async function secretsOf(lab: LabStack): Promise<Record<string, string>> {
  const { stdout } = await lab.must("pulumi", "stack", "export", "--show-secrets");
  const { resources } = (JSON.parse(stdout) as State).deployment;
  const resource = (name: string): Record<string, unknown> =>
    resources.find(({ urn }) => urn.endsWith(`::${name}`))?.outputs ?? {};
  const plaintext = (value: unknown): string =>
    JSON.parse((value as { plaintext: string }).plaintext) as string;
  const key = readFileSync(join(lab.state, "ssh/id_ed25519"), "utf8").split("\n");
  return {
    seed: plaintext(resource("seed").result),
    // A middle line of it is enough to know it by.
    "the operator's key": key[2] ?? "",
    "the app's secret": Buffer.from(plaintext(resource("vault-token").data), "base64").toString(),
    "the worker's token": await lab.on("node1", "docker swarm join-token --quiet worker"),
    "the manager's token": await lab.on("node1", "docker swarm join-token --quiet manager"),
    passphrase: readFileSync(join(lab.state, "passphrase"), "utf8").trim(),
  };
}

/** Secrets during an `up` that makes an app with a secret and takes a worker in, and one planted leak. */
export function secretsStaySecret(lab: LabStack, machines: readonly string[]): void {
  timed(
    "no secret shows in programs' starts, logs, environments, plain state or messages; a planted one does",
    async () => {
      lab.write("apps/vault/compose.yaml", VAULT);
      lab.configure(["apps", "vault"], {});
      await startAudit(lab, machines);
      // A member that joins again is handed a token.
      await lab.on("node3", "docker swarm leave --force");
      const up = await lab.must("up");
      const starts = await stopAudit(lab, machines);
      for (const [name, count] of Object.entries(starts)) {
        assert.ok(count > 20, `${name}: only ${String(count)} starts of programs were seen`);
      }

      const secrets = await secretsOf(lab);
      for (const [name, secret] of Object.entries(secrets)) {
        assert.ok(secret.length >= 24, `${name} has ${String(secret.length)} letters`);
      }
      assert.deepEqual(await findLeaks(lab, machines, Object.values(secrets)), []);
      const said = {
        "what up printed": up.text,
        state: texts(join(lab.folder, ".swarmstead/state")).join("\n"),
      };
      for (const [name, secret] of Object.entries(secrets)) {
        for (const [where, text] of Object.entries(said)) {
          assert.ok(!text.includes(secret), `${name} shows in ${where}`);
        }
      }

      const token = secrets["the worker's token"] ?? "";
      await startAudit(lab, ["node2"]);
      await lab.on("node2", `/bin/true --token ${token}`);
      await stopAudit(lab, ["node2"]);
      assert.deepEqual(await findLeaks(lab, machines, Object.values(secrets)), [
        "node2: starts of programs",
      ]);
      await lab.on("node2", "rm /run/exec-audit.log");
    },
  );

  timed(
    "a stack gets its network, and a secret whose name tells nothing; both go with it",
    async () => {
      const secrets = await lab.on("node1", "docker secret ls --format '{{.Name}}'");
      assert.match(secrets, /^vault-token-[0-9a-f]{12}$/);
      lab.configure(["apps", "vault"], undefined);
      await lab.must("up");
      assert.equal(
        await lab.on(
          "node1",
          "docker secret ls --quiet; docker network ls --quiet --filter name=vault",
        ),
        "",
      );
    },
  );
}
