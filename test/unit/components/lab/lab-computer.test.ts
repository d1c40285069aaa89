import { existsSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { removeLab } from "../../../../components/lab/lab-computer";

describe("removeLab", () => {
  const state = mkdtempSync(join(tmpdir(), "swarmstead-remove-"));
  const lab = join(state, "lab");

  beforeEach(() => {
    mkdirSync(join(lab, "vms", "node1"), { recursive: true });
    writeFileSync(
      join(lab, "network.env"),
      "LAB_ID=lab-test\nGATEWAY=10.77.1.2\nOUTSIDE_BOTH=10.77.0.0/23\n",
    );
  });
  afterAll(() => {
    rmSync(state, { recursive: true, force: true });
  });

  // What a removal that was killed may have deleted already.
  test.each(["", "vms", "vms/node1", "network.env", "."])(
    "completes where %j is gone",
    async (gone) => {
      if (gone !== "") {
        rmSync(join(lab, gone), { recursive: true, force: true });
      }
      await removeLab(state);
      expect(existsSync(lab)).toBe(false);
    },
  );
});
