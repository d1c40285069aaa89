import { askCeph, parseCephAnswer } from "../../../ops/ceph-view";
import type { Context } from "../../../ops/context";
import { runOn } from "../../../ops/ssh-session";
import {
  lookAtStorage,
  renderStorage,
  type StorageStatus,
  storageProblems,
} from "../../../ops/storage-view";

jest.mock("../../../ops/ssh-session", () => ({ runOn: jest.fn() }));

const WELL: StorageStatus = {
  kind: "ceph",
  health: "HEALTH_OK",
  degraded: false,
  activeMds: "node2",
  freeMiB: 7168,
  warnings: [],
};

const state = (name: string): object => ({ state_name: name, count: 1 });

/** What Ceph answers, as far as it is read, with some of it told otherwise. */
function answer(change: { health?: object; pgmap?: object; fsmap?: object } = {}): string {
  const { health, pgmap, fsmap } = change;
  return JSON.stringify({
    status: {
      fsid: "7b1bb0c0-0000-4000-8000-000000000000",
      pgmap: {
        pgs_by_state: [state("active+clean"), state("active+clean+scrubbing")],
        num_pgs: 33,
        bytes_avail: 3 * 7 * 2 ** 30 + 5,
        ...pgmap,
      },
      fsmap: {
        by_rank: [{ filesystem_id: 1, rank: 0, name: "node2", status: "up:active", gid: 4 }],
        "up:standby": 2,
        ...fsmap,
      },
    },
    health: { status: "HEALTH_OK", checks: {}, mutes: [], ...health },
  });
}

describe("the storage's status", () => {
  test("is read from Ceph's own, with the space of three copies counted once", () => {
    expect(parseCephAnswer(answer())).toEqual(WELL);
  });

  test.each(["active+undersized+degraded", "active+undersized", "stale+active+clean", "down"])(
    "is degraded where placement groups are %s",
    (name) => {
      const pgmap = { pgs_by_state: [state("active+clean"), state(name)] };
      expect(parseCephAnswer(answer({ pgmap }))).toEqual({ ...WELL, degraded: true });
    },
  );

  test("is degraded where objects lack copies, and not where they only move", () => {
    const moving = [state("active+remapped+backfilling")];
    const pgmap = { pgs_by_state: moving };
    expect(parseCephAnswer(answer({ pgmap })).degraded).toBe(false);
    expect(parseCephAnswer(answer({ pgmap: { ...pgmap, degraded_objects: 0 } })).degraded).toBe(
      false,
    );
    expect(parseCephAnswer(answer({ pgmap: { ...pgmap, degraded_objects: 3 } })).degraded).toBe(
      true,
    );
  });

  test("has Ceph's warnings in its words, and which where it is few, without what somebody has muted", () => {
    const checks = {
      MON_DOWN: {
        severity: "HEALTH_WARN",
        summary: { message: "1/3 mons down", count: 1 },
        muted: false,
      },
      POOL_FULL: {
        severity: "HEALTH_WARN",
        summary: { message: "1 pool full", count: 1 },
        muted: true,
      },
      OSD_DOWN: { severity: "HEALTH_WARN", summary: { message: "1 osds down", count: 1 } },
      OSD_HOST_DOWN: {
        severity: "HEALTH_WARN",
        summary: { message: "1 host (1 osds) down", count: 1 },
        detail: [{ message: "host node2 (root=default) (1 osds) is down" }],
      },
      PG_DEGRADED: {
        severity: "HEALTH_WARN",
        summary: { message: "Degraded data redundancy", count: 4 },
        detail: ["1.1", "1.2", "1.3", "1.4"].map((group) => ({ message: `pg ${group}` })),
      },
    };
    expect(parseCephAnswer(answer({ health: { status: "HEALTH_WARN", checks } }))).toEqual({
      ...WELL,
      health: "HEALTH_WARN",
      warnings: [
        "1/3 mons down (MON_DOWN)",
        "1 osds down (OSD_DOWN)",
        "1 host (1 osds) down: host node2 (root=default) (1 osds) is down (OSD_HOST_DOWN)",
        "Degraded data redundancy (PG_DEGRADED)",
      ],
    });
  });

  test.each([
    ["replay", { by_rank: [{ name: "node2", status: "up:replay" }] }],
    ["nothing at all", { by_rank: [] }],
  ])("has no metadata server that serves where there is %s", (_, fsmap) => {
    expect(parseCephAnswer(answer({ fsmap })).activeMds).toBeNull();
  });

  test("of a cluster that was just founded has no data, no space and no metadata server yet", () => {
    const health = { status: "HEALTH_WARN", checks: {} };
    const founded = JSON.stringify({ status: { pgmap: {}, fsmap: {} }, health });
    expect(parseCephAnswer(founded)).toEqual({
      kind: "ceph",
      health: "HEALTH_WARN",
      degraded: false,
      activeMds: null,
      warnings: [],
    });
  });

  test.each(["", "\n"])("is unknown, with a warning, where Ceph says nothing: %j", (text) => {
    expect(parseCephAnswer(text)).toEqual({
      kind: "ceph",
      health: "unknown",
      degraded: true,
      activeMds: null,
      warnings: ["no monitor has told of it in time"],
    });
  });
});

test("every warning is a problem of its own, and an environment without storage has none", () => {
  const cure =
    "./swarmstead ssh <a manager> sudo ceph health detail; wait where a machine has just come back";
  expect(storageProblems({ ...WELL, warnings: ["a (A)", "b (B)"] })).toEqual([
    { where: "storage", what: "a (A)", cure },
    { where: "storage", what: "b (B)", cure },
  ]);
  expect(storageProblems(WELL)).toEqual([]);
  expect(storageProblems(undefined)).toEqual([]);
});

test.each<[string, StorageStatus]>([
  ["storage ceph: HEALTH_OK, 7 GiB free, metadata by node2", WELL],
  [
    "storage ceph: unknown, degraded, metadata by nobody",
    { kind: "ceph", health: "unknown", degraded: true, activeMds: null, warnings: [] },
  ],
  [
    "storage local: HEALTH_OK",
    { kind: "local", health: "HEALTH_OK", degraded: false, activeMds: null, warnings: [] },
  ],
])("the line for people is: %s", (line, storage) => {
  expect(renderStorage(storage)).toBe(line);
});

describe("a look at the storage", () => {
  const ask = jest.mocked(runOn);

  beforeEach(() => {
    ask.mockReset();
  });

  /** Looks at an environment's storage, where an SSH session gives this. */
  function look(kind?: string, code = 0, stdout = ""): Promise<StorageStatus | undefined> {
    ask.mockResolvedValue({ code, stdout, stderr: "", firstWordAt: 0 });
    const config = (): unknown => ({ storage: kind === undefined ? undefined : { kind } });
    return lookAtStorage({ stack: "dev", config } as unknown as Context, 30);
  }

  test("asks any live manager, with a limit below that of the session", async () => {
    expect(await look("ceph", 0, answer())).toEqual(WELL);
    const command = `timeout --signal KILL 25 ${askCeph()}`;
    expect(ask.mock.calls.map((words) => words.slice(1))).toEqual([
      ["swarmstead-dev", command, 30, 2],
    ]);
  });

  test.each([
    ["no manager answers", 255, ""],
    ["the answer is cut off", 124, '{"status":'],
  ])("is unknown where %s, and does not fail", async (_, code, stdout) => {
    expect(await look("ceph", code, stdout)).toMatchObject({ health: "unknown", degraded: true });
  });

  test("asks any live manager whether an NFS server answers, and what is free", async () => {
    expect(await look("nfs", 0, "nfs 2048 1048576\n")).toEqual({
      kind: "nfs",
      health: "HEALTH_OK",
      degraded: false,
      activeMds: null,
      freeMiB: 2048,
      warnings: [],
    });
    expect(ask.mock.calls[0]?.[2]).toBe(
      "timeout --signal KILL 25 stat --file-system --format '%T %a %S' /var/data",
    );
  });

  test("is asked of GlusterFS's copies in one command with a limit", async () => {
    expect(await look("gluster", 0, "")).toMatchObject({ kind: "gluster", health: "unknown" });
    expect(ask).toHaveBeenCalledTimes(1);
    expect(ask.mock.calls[0]?.[2]).toBe(
      "timeout --signal KILL 25 bash -c 'gluster volume heal data info summary && { stat --file-system --format \"free %a %S\" /var/data || true; }'",
    );
  });

  test.each([
    ["its folder is not mounted", 0, "ext2/ext3 2048 1048576\n"],
    ["it does not answer in time", 137, ""],
    ["the answer is cut off", 0, "nfs 20"],
  ])("says that an NFS server does not answer where %s", async (_, code, stdout) => {
    const storage = await look("nfs", code, stdout);
    expect(storage).toMatchObject({ health: "unknown", degraded: false });
    expect(storageProblems(storage)).toEqual([
      {
        where: "storage",
        what: "the server does not answer, or its folder is not mounted on a manager",
        cure: expect.stringContaining("get the server to answer") as string,
      },
    ]);
  });

  test("asks nobody for a local folder, nor where there is no storage", async () => {
    expect(await look("local")).toMatchObject({ kind: "local", health: "HEALTH_OK", warnings: [] });
    expect(await look()).toBeUndefined();
    expect(ask).not.toHaveBeenCalled();
  });
});
