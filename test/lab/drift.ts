import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { z } from "zod";
import { timed } from "./budget";
import type { LabStack } from "./lab-stack";

/** What is done to a machine behind Pulumi's back, and what doctor says of it. */
interface Drift {
  what: string;
  machine: string;
  script: string;
  found: RegExp;
}

const DRIFTS: readonly Drift[] = [
  {
    what: "a file changed by hand",
    machine: "node1",
    script: "echo 'pool elsewhere.example' >>/etc/chrony/chrony.conf",
    found: /node1: \/etc\/chrony\/chrony\.conf is not as it should be/,
  },
  {
    what: "a port opened by hand",
    machine: "node1",
    script: "nft add rule inet swarmstead input tcp dport 9999 accept",
    found: /node1: the firewall's rules were changed by hand/,
  },
  {
    what: "a daemon stopped",
    machine: "node2",
    script: "systemctl stop chrony",
    found: /node2: chrony does not run/,
  },
  {
    what: "a machine that has forgotten what ran on it, as one made anew",
    machine: "node2",
    script: "rm -r /var/lib/swarmstead/stamps",
    found: /node2: step node2-base has not run here as it is now/,
  },
  {
    what: "a service changed by hand",
    machine: "node1",
    script: "docker service update --detach --quiet --env-add DEBUG=1 whoami_whoami",
    found: /whoami: service whoami_whoami was changed by hand/,
  },
  {
    what: "a machine that left the swarm",
    machine: "node3",
    script: "docker swarm leave --force",
    found: /node3: is (down|absent) in the swarm; its Docker says: inactive/,
  },
];

/** What drifts is found by its name, and mended by one repair. */
export function drift(lab: LabStack): void {
  timed(
    "what was changed behind Pulumi's back is found, each by its name, and changes nothing",
    async () => {
      for (const { machine, script } of DRIFTS) {
        await lab.on(machine, script);
      }
      // Until then doctor would tell of a node that is still on its way out.
      await lab.until(
        "node1",
        "docker node ls --format '{{.Hostname}} {{.Status}}' | grep -qx 'node3 Down'",
      );
      const preview = await lab.run("preview", "--expect-no-changes");
      assert.equal(preview.code, 0, "Pulumi itself sees none of it");
      const { code, stdout, text, seconds } = await lab.run("doctor", "--json", "--timeout", "120");
      assert.equal(code, 1, text);
      assert.notEqual(stdout, "", text);
      const schema = JSON.parse(
        readFileSync(join(lab.folder, "docs/doctor.schema.json"), "utf8"),
      ) as Parameters<typeof z.fromJSONSchema>[0];
      const { findings } = z.fromJSONSchema(schema).parse(JSON.parse(stdout)) as {
        findings: { where: string; what: string }[];
      };
      const lines = findings.map(({ where, what }) => `${where}: ${what}`).join("\n");
      for (const { what, found } of DRIFTS) {
        assert.match(lines, found, what);
      }
      process.stderr.write(
        `      doctor took ${seconds.toFixed(1)} s for ${String(findings.length)} findings\n`,
      );
    },
  );

  timed("repair mends it all, and leaves no ghost", async () => {
    const repair = await lab.run("repair");
    // A task that still moves is a finding, too; it comes to rest by itself.
    await lab.until("node1", "[ \"$(docker service ls --format '{{.Replicas}}')\" = 2/2 ]");
    const again = await lab.run("repair");
    assert.equal(again.code, 0, `${repair.text}\n${again.text}`);
    assert.match(again.stdout, /^all well$/m);
    const nodes = await lab.on(
      "node1",
      "docker node ls --format '{{.Hostname}} {{.Status}}' | sort",
    );
    assert.equal(nodes, "node1 Ready\nnode2 Ready\nnode3 Ready");
    const env = await lab.on(
      "node1",
      "docker service inspect whoami_whoami --format '{{.Spec.TaskTemplate.ContainerSpec.Env}}'",
    );
    assert.equal(env, "[]");
  });
}
