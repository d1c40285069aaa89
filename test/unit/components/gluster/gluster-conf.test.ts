import {
  BRICK,
  DISK_FOLDER,
  DISK_UNIT,
  GLUSTER_PORTS,
  GLUSTERD_DROP_IN,
  renderDiskUnit,
  renderGlusterdVol,
} from "../../../../components/gluster/gluster-conf";
import { glusterMountSpec } from "../../../../components/gluster/gluster-mount";
import { glusterSettings } from "../../../../components/gluster/gluster-settings";

test("the daemon takes the ports that the firewall lets machines reach, and no others", () => {
  expect(GLUSTER_PORTS).toEqual(["24007", "49152-49160"]);
  const text = renderGlusterdVol();
  expect(text).toContain("\n    option transport.socket.listen-port 24007\n");
  expect(text).toContain("\n    option base-port 49152\n    option max-port 49160\nend-volume\n");
});

test("the daemon starts behind its disk, and runs without it", () => {
  expect(DISK_UNIT).toBe(`${DISK_FOLDER.slice(1).replaceAll("/", "-")}.mount`);
  expect(GLUSTERD_DROP_IN).toContain(`\nWants=network-online.target ${DISK_UNIT}\n`);
  expect(GLUSTERD_DROP_IN).toContain(`\nAfter=${DISK_UNIT}\n`);
  expect(GLUSTERD_DROP_IN).not.toMatch(/Requires|BindsTo/);
});

test("the disk is mounted by its name, holds no boot up, and has the brick inside", () => {
  const unit = renderDiskUnit("/dev/disk/by-id/virtio-data");
  expect(unit).toContain(`\nWhat=/dev/disk/by-id/virtio-data\nWhere=${DISK_FOLDER}\nType=xfs\n`);
  expect(unit).toMatch(/^Options=.*\bnofail\b/m);
  expect(BRICK.startsWith(`${DISK_FOLDER}/`)).toBe(true);
});

describe("the mount", () => {
  const SERVERS = ["10.77.0.11", "10.77.0.12", "10.77.0.13"];

  test.each([
    ["10.77.0.12", "10.77.0.12:/data", "10.77.0.11:10.77.0.13"],
    ["10.77.0.21", "10.77.0.11:/data", "10.77.0.12:10.77.0.13"],
  ])("on %s asks %s first, and the others where that does not answer", (own, source, backups) => {
    const spec = glusterMountSpec(SERVERS, own);
    expect(spec.source).toBe(source);
    expect(spec.options[0]).toBe(`backup-volfile-servers=${backups}`);
    expect(spec.after).toEqual(own === "10.77.0.12" ? ["glusterd.service", DISK_UNIT] : []);
  });

  test("keeps nothing that another machine may have changed", () => {
    expect(glusterMountSpec(SERVERS, "10.77.0.21").options).toEqual(
      expect.arrayContaining(["attribute-timeout=0", "entry-timeout=0", "fopen-keep-cache=no"]),
    );
  });
});

describe("the volume's settings", () => {
  const settings = glusterSettings(["10.77.0.11", "10.77.0.21"]);

  test("have a write go to two copies at least, and let the machines in alone", () => {
    expect(Object.fromEntries(settings)).toMatchObject({
      "cluster.quorum-type": "auto",
      "cluster.server-quorum-type": "server",
      "auth.allow": "10.77.0.11,10.77.0.21",
    });
  });

  test("are set once each, and are one word each, as the daemon prints them", () => {
    expect(new Set(settings.map(([name]) => name)).size).toBe(settings.length);
    for (const word of settings.flat()) {
      expect(word).toMatch(/^\S+$/);
    }
  });
});
