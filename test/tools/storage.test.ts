import { spawnSync } from "node:child_process";
import { existsSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { OSD_UNIT } from "../../components/ceph/ceph-conf";
import { cephEntities, renderKeyring } from "../../components/ceph/ceph-keys";
import { DISK_UNIT, GLUSTERD_DROP_IN, renderDiskUnit } from "../../components/gluster/gluster-conf";
import {
  MOUNT_PROGRAM,
  type MountSpec,
  renderDockerDropIn,
  renderMountProgram,
  renderStorageUnit,
  STORAGE_SERVICE,
} from "../../components/storage/mount-conf";
import { ask, testWith, type Verdict, withFiles } from "./real-program";

const SPEC: MountSpec = {
  type: "ceph",
  source: "swarm@id.data=/",
  options: ["noatime", "_netdev"],
  after: ["ceph-mon.target", "ceph-osd.target"],
};

describe("the storage's units", () => {
  const SERVICE = "[Service]\nExecStart=/bin/true\n";
  // The program lies on machines alone.
  const unit = renderStorageUnit(SPEC).replaceAll(MOUNT_PROGRAM, "/bin/true");

  function verify(units: Readonly<Record<string, string>>): Verdict {
    return withFiles(units, (folder) =>
      ask("systemd-analyze", [
        "verify",
        "--man=no",
        ...Object.keys(units).map((name) => join(folder, name)),
      ]),
    );
  }

  testWith(
    ["systemd-analyze"],
    "are accepted by systemd, Docker's drop-in with the storage's",
    () => {
      const both = {
        [STORAGE_SERVICE]: unit,
        "docker.service": `${renderDockerDropIn()}${SERVICE}`,
      };
      expect(verify(both)).toEqual({ code: 0, words: "" });
      expect(
        verify({ ...both, [STORAGE_SERVICE]: unit.replace("infinity", "endless") }).words,
      ).toContain("endless");
      const circle = unit.replace("After=network-online.target", "After=docker.service");
      expect(verify({ ...both, [STORAGE_SERVICE]: circle }).words).toContain("ordering cycle");
    },
  );

  testWith(["systemd-analyze"], "are accepted by systemd, GlusterFS's disk and daemon", () => {
    const disk = renderDiskUnit("/dev/disk/by-id/virtio-data");
    const units = {
      [DISK_UNIT]: disk,
      "glusterd.service": `${GLUSTERD_DROP_IN}${SERVICE}`,
      [STORAGE_SERVICE]: renderStorageUnit({
        ...SPEC,
        after: ["glusterd.service", DISK_UNIT],
      }).replaceAll(MOUNT_PROGRAM, "/bin/true"),
    };
    expect(verify(units)).toEqual({ code: 0, words: "" });
    expect(
      verify({ ...units, [DISK_UNIT]: disk.replace("/srv/gluster", "/srv/other") }).words,
    ).toMatch(/Where=|does not match/);
  });

  testWith(["systemd-analyze"], "are accepted by systemd, the OSDs' drop-in", () => {
    const osd = (text: string): Verdict => verify({ "ceph-osd@.service": `${SERVICE}${text}` });
    expect(osd(OSD_UNIT)).toEqual({ code: 0, words: "" });
    expect(osd(OSD_UNIT.replace("block)\"'", 'block)"')).words).toContain("Unbalanced");
  });
});

describe("the mount program", () => {
  const STUBS: Readonly<Record<string, string>> = {
    grep: '[[ -e "$state/mounted" ]]',
    mkdir: "note",
    chattr: "note",
    sleep: "note",
    timeout: 'shift; "$@"',
    mount: `note
[[ -e "$state/served" ]] && : >"$state/mounted" && exit
: >"$state/served"
[[ ! -e "$state/half" ]] || : >"$state/mounted"
false`,
    umount: 'note; [[ "$1" == --* || ! -e "$state/busy" ]] && /bin/rm "$state/mounted"',
  };

  /**
   * Runs it with nothing but stubs on PATH, so that it cannot touch this computer.
   *
   * @param marks what is so: `mounted`; `served`, else the first mount fails; `half`, it then leaves a mount; `busy`, a plain
   * unmount fails
   * @returns what it called, then its exit code, and whether the storage is mounted
   */
  function run(
    verb: string,
    ...marks: string[]
  ): [calls: string[], code: number | null, mounted: boolean] {
    return withFiles({ program: renderMountProgram(SPEC), calls: "" }, (state) => {
      const bin = join(state, "bin");
      mkdirSync(bin);
      for (const [name, body] of Object.entries(STUBS)) {
        const note = `note() { echo "\${0##*/} $words" >>"$state/calls"; }`;
        const text = `#!/bin/bash\nstate=${state} words=$*\n${note}\n${body}\n`;
        writeFileSync(join(bin, name), text, { mode: 0o755 });
      }
      for (const mark of marks) {
        writeFileSync(join(state, mark), "");
      }
      const program = ["/bin/bash", [join(state, "program"), verb]] as const;
      const { status, stderr } = spawnSync(...program, { env: { PATH: bin }, timeout: 20_000 });
      expect(stderr.toString()).toBe("");
      const calls = readFileSync(join(state, "calls"), "utf8").split("\n").slice(0, -1);
      return [calls, status, existsSync(join(state, "mounted"))];
    });
  }

  const MOUNT = "mount -t ceph -o noatime,_netdev swarm@id.data=/ /var/data";
  const FORCE = "umount --force --lazy /var/data";

  testWith(["bash"], "mounts on an immutable folder, over and over until it is served", () => {
    const before = ["mkdir -p /var/data", "chattr +i /var/data"];
    expect(run("start", "served")).toEqual([[...before, MOUNT], 0, true]);
    expect(run("start")).toEqual([[...before, MOUNT, "sleep 3", MOUNT], 0, true]);
  });

  testWith(["bash"], "takes away what a mount that failed has left, and tries again", () => {
    const [calls, code, mounted] = run("start", "half");
    expect(calls.slice(2)).toEqual([MOUNT, "umount --lazy /var/data", "sleep 3", MOUNT]);
    expect([code, mounted]).toEqual([0, true]);
  });

  testWith(["bash"], "leaves what is mounted alone, and what is not mounted unmounted", () => {
    expect(run("start", "mounted")).toEqual([[], 0, true]);
    expect(run("stop")).toEqual([[], 0, false]);
  });

  testWith(["bash"], "unmounts, by force where files are open", () => {
    expect(run("stop", "mounted")).toEqual([["umount /var/data"], 0, false]);
    expect(run("stop", "mounted", "busy")).toEqual([["umount /var/data", FORCE], 0, false]);
  });
});

describe("Ceph's keyrings", () => {
  testWith(["ceph-authtool"], "are read by Ceph, with their keys and what they may do", () => {
    const entities = cephEntities("0123456789abcdef".repeat(4), ["node1"]);
    const list = (text: string): Verdict =>
      withFiles({ keyring: text }, (folder) =>
        ask("ceph-authtool", ["-l", join(folder, "keyring")]),
      );
    const { code, words } = list(renderKeyring(entities));
    expect(code).toBe(0);
    for (const [entity, { key, caps }] of Object.entries(entities)) {
      expect(words).toContain(`[${entity}]\n\tkey = ${key}\n`);
      for (const [service, cap] of Object.entries(caps)) {
        expect(words).toContain(`\tcaps ${service} = "${cap}"\n`);
      }
    }
    expect(list(renderKeyring({ x: { key: "AQAA", caps: {} } })).code).not.toBe(0);
  });
});
