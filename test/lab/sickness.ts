import assert from "node:assert/strict";
import { timed } from "./budget";
import { cause } from "./faults";
import type { LabStack } from "./lab-stack";

const LIMIT_SECONDS = 30;

interface Finding {
  where: string;
  what: string;
  cure: string;
}

/** A machine that runs and answers, and is ill. */
interface Sickness {
  name: string;
  fall: (lab: LabStack, machine: string) => Promise<() => Promise<unknown>>;
  found: RegExp;
}

const by =
  (illness: string, recovery: string): Sickness["fall"] =>
  async (lab, machine) => {
    await lab.on(machine, illness);
    return () => lab.on(machine, recovery);
  };

const SICKNESSES: readonly Sickness[] = [
  {
    name: "the wrong clock",
    fall: async (lab, machine) => (await cause(lab, "clock", machine)).undo,
    found: /its clock is 3[56]\d\d s ahead of the others/,
  },
  {
    name: "no space",
    fall: by(
      "fallocate -l $(($(stat -f -c '%a * %S' /) - 200 * 1024 * 1024)) /var/tmp/fill",
      "rm /var/tmp/fill",
    ),
    found: /\/ is full: \d+ MiB are free/,
  },
  {
    name: "a read-only disk",
    // Where something writes, the kernel refuses a plain remount; a disk's error is not asked either.
    fall: by("sync; echo u >/proc/sysrq-trigger; sleep 2", "mount -o remount,rw /"),
    found: /nothing can be written to its disk: Read-only file system/,
  },
  {
    name: "Docker hung",
    fall: by("kill -STOP $(pidof dockerd)", "kill -CONT $(pidof dockerd)"),
    found: /its Docker does not answer/,
  },
];

/** Each is a finding with a cure, soon enough, and with exit code 1. */
export function sickness(lab: LabStack, machine: string): void {
  for (const { name, fall, found } of SICKNESSES) {
    timed(`a machine with ${name} is found within ${String(LIMIT_SECONDS)} s`, async () => {
      const recover = await fall(lab, machine);
      try {
        const { code, stdout, text, seconds } = await lab.run("doctor", "--json");
        assert.equal(code, 1, text);
        const { findings } = JSON.parse(stdout) as { findings: Finding[] };
        const finding = findings.find(({ where, what }) => where === machine && found.test(what));
        assert.ok(finding, text);
        assert.ok(finding.cure.length > 10, finding.cure);
        assert.ok(seconds < LIMIT_SECONDS, `${String(seconds)} s`);
        process.stderr.write(`      ${name}: ${seconds.toFixed(1)} s, ${finding.what}\n`);
      } finally {
        await recover();
      }
    });
  }

  timed("and all is well again where that ends", async () => {
    // It examines, too, and has more patience with a machine that is busy.
    const repair = await lab.run("repair");
    assert.equal(repair.code, 0, repair.text);
  });
}
