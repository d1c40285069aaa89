import {
  MOUNT_PROGRAM,
  type MountSpec,
  renderDockerDropIn,
  renderMountProgram,
  renderStorageUnit,
  STORAGE_SERVICE,
} from "../../../../components/storage/mount-conf";

const SPEC: MountSpec = {
  type: "ceph",
  source: "swarm@id.data=/",
  options: ["mon_addr=10.77.0.11:3300/10.77.0.12:3300", "noatime"],
  after: ["ceph-mon.target", "ceph-osd.target"],
};

/** The lines of a section of a unit. */
function section(unit: string, name: string): string[] {
  const found = unit.split(/^\[(\w+)\]\n/m);
  return (found[found.indexOf(name) + 1] ?? "").split("\n").filter((line) => /^\w/.test(line));
}

test("the program mounts with every option, over and over, on a mountpoint that nothing can be written into", () => {
  const text = renderMountProgram(SPEC);
  expect(text.startsWith("#!/bin/bash\n")).toBe(true);
  expect(text).toContain(
    "until mounted || timeout 60 mount -t ceph -o mon_addr=10.77.0.11:3300/10.77.0.12:3300,noatime swarm@id.data=/ /var/data; do\n",
  );
  expect(renderMountProgram({ ...SPEC, limitSeconds: 120 })).toContain(" timeout 120 mount ");
  expect(text.indexOf("chattr +i /var/data\n")).toBeGreaterThan(
    text.indexOf("mkdir -p /var/data\n"),
  );
  expect(text.indexOf("chattr +i /var/data\n")).toBeLessThan(text.indexOf("until mounted"));
});

test("the unit starts behind what serves the storage and before Docker, so it ends in the other order", () => {
  expect(section(renderStorageUnit(SPEC), "Unit")).toEqual([
    "Description=Shared storage on /var/data",
    "Wants=network-online.target",
    "After=network-online.target ceph-mon.target ceph-osd.target",
    "Before=docker.service",
  ]);
  expect(renderStorageUnit({ ...SPEC, after: [] })).toContain("\nAfter=network-online.target\n");
});

test("the unit waits for the mount without an end, and for the unmount longer than the program takes", () => {
  const unit = section(renderStorageUnit(SPEC), "Service");
  expect(unit).toEqual([
    "Type=oneshot",
    "RemainAfterExit=yes",
    "OOMScoreAdjust=-900",
    `ExecStart=${MOUNT_PROGRAM} start`,
    `ExecStop=${MOUNT_PROGRAM} stop`,
    "TimeoutStartSec=infinity",
    "TimeoutStopSec=60",
  ]);
  const plain = /timeout (\d+) umount/.exec(renderMountProgram(SPEC))?.[1];
  expect(Number(plain)).toBeGreaterThan(0);
  expect(Number(plain)).toBeLessThan(60);
});

test("Docker does not start without the storage, and ends before it", () => {
  expect(renderDockerDropIn()).toBe(
    `[Unit]\nRequires=${STORAGE_SERVICE}\nAfter=${STORAGE_SERVICE}\n`,
  );
});
