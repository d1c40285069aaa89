import { type ChildProcess, spawn } from "node:child_process";
import { mkdirSync, mkdtempSync, rmSync, utimesSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { labId, runningSeconds } from "../../../../components/lab/lab-vms";

describe("runningSeconds", () => {
  const state = mkdtempSync(join(tmpdir(), "swarmstead-vms-"));
  const file = join(state, "lab/vms/node1/pid");
  let vm: ChildProcess;

  beforeAll(() => {
    mkdirSync(join(state, "lab/vms/node1"), { recursive: true });
    vm = spawn("bash", ["-c", "read -r", `lab-vm-${labId(state)}-node1`]);
    writeFileSync(file, String(vm.pid));
  });
  afterAll(() => {
    vm.kill();
    rmSync(state, { recursive: true });
  });

  test("counts from the start of the VM's process", () => {
    expect(runningSeconds(state, "node1")).toBeLessThan(10);
    const then = new Date(Date.now() - 700_000);
    utimesSync(file, then, then);
    expect(runningSeconds(state, "node1")).toBeCloseTo(700, -1);
  });

  test("is nothing where the VM does not run", () => {
    expect(runningSeconds(state, "node2")).toBeNull();
  });
});
