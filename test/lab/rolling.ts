import assert from "node:assert/strict";
import { timed } from "./budget";
import { cause } from "./faults";
import type { LabStack } from "./lab-stack";
import { failuresOf, longestRun } from "./load-figures";
import { say } from "./say";
import { EACH_NODE, VisitorLoad } from "./visitor-load";

function setting(lab: LabStack, machine: string): Promise<string> {
  return lab.on(machine, 'jq --raw-output \'."log-opts"."max-file"\' /etc/docker/daemon.json');
}

function startOfDocker(lab: LabStack, machine: string): Promise<number> {
  return lab
    .on(
      machine,
      'date --date "$(systemctl show docker --property ActiveEnterTimestamp --value)" +%s',
    )
    .then(Number);
}

/** A change of Docker's settings goes machine by machine, and waits for none that is down but on request. */
export function rolling(lab: LabStack, machines: readonly string[]): void {
  timed(
    "a change of Docker's settings goes machine by machine, drained, and the app answers throughout",
    async () => {
      const load = await VisitorLoad.start(lab, EACH_NODE);
      lab.configure(["docker", "logFiles"], 4);
      const up = await lab.must("up");
      const log = await load.end();
      for (const machine of machines) {
        assert.equal(await setting(lab, machine), "4", machine);
      }
      const starts = await Promise.all(machines.map((machine) => startOfDocker(lab, machine)));
      assert.deepEqual(
        [...starts].sort((one, other) => one - other),
        starts,
        "in their order",
      );
      assert.equal(
        await lab.on("node1", "docker node ls --format '{{.Availability}}' | sort -u"),
        "Active",
      );
      // A node whose Docker restarts answers nobody; who asks another node has to be served.
      const byNode = new Map<string, number>();
      for (const { url } of failuresOf(log)) {
        byNode.set(url, (byNode.get(url) ?? 0) + 1);
      }
      const requests = log.records.length;
      say(
        `up ${up.seconds.toFixed(0)} s; ${String(requests)} requests, failed: ${JSON.stringify([...byNode])}`,
      );
      assert.ok(requests > 50, String(requests));
      const run = longestRun(log);
      assert.ok(run < machines.length, `${String(run)} failures in a row`);
    },
  );

  timed(
    "a machine that is down stops it before anything is changed, and is left out on request",
    async () => {
      const frozen = await cause(lab, "freeze", "node3");
      try {
        lab.configure(["docker", "logFiles"], 5);
        const refused = await lab.run("up");
        assert.equal(refused.code, 1, refused.text);
        assert.match(refused.text, /node3: does not answer by SSH .*--skip node3/);
        assert.equal(await setting(lab, "node1"), "4");
        const skipped = await lab.run("up", "--skip", "node3");
        assert.equal(skipped.code, 0, skipped.text);
        assert.equal(await setting(lab, "node1"), "5");
        assert.equal(await setting(lab, "node2"), "5");
      } finally {
        await frozen.undo();
      }
      await lab.must("up");
      assert.equal(await setting(lab, "node3"), "5");
    },
  );
}
