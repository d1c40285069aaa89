import { existsSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { entryWays, labStatus, removeLab } from "../../../../components/lab/lab-computer";

describe("the ports of a lab", () => {
  const state = mkdtempSync(join(tmpdir(), "swarmstead-ports-"));

  beforeAll(() => {
    mkdirSync(join(state, "lab"));
    const ports = { node1: { 22: 20_001 }, "10.77.0.10": { 80: 20_002, 443: 20_003 } };
    writeFileSync(join(state, "lab", "ports.json"), JSON.stringify(ports));
  });
  afterAll(() => {
    rmSync(state, { recursive: true });
  });

  test("are its VMs', of which the entry's address is none", () => {
    expect(labStatus(state)).toEqual([
      { name: "node1", pid: null, ports: { 22: "127.0.0.1:20001" } },
    ]);
  });

  test("lead to the entry's address, where it has some", () => {
    expect(entryWays(state, "10.77.0.10")).toEqual({
      80: "127.0.0.1:20002",
      443: "127.0.0.1:20003",
    });
    expect(entryWays(state, "10.77.0.99")).toEqual({});
  });
});

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
