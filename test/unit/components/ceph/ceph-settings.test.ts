import { cephEntities } from "../../../../components/ceph/ceph-keys";
import { cephSettings, clusterPlan } from "../../../../components/ceph/ceph-settings";

const settings = (osdMemoryMiB = 1024): Record<string, string> =>
  Object.fromEntries(
    cephSettings({ osdMemoryMiB }).map(([who, name, value]) => [`${who} ${name}`, value]),
  );

describe("Ceph's settings", () => {
  test("keep three copies, and write only while two are there", () => {
    expect(settings()).toMatchObject({
      "global osd_pool_default_size": "3",
      "global osd_pool_default_min_size": "2",
    });
  });

  test("have the OSDs' memory in bytes, and change in nothing else with it", () => {
    expect(settings(896)).toEqual({ ...settings(), "osd osd_memory_target": "939524096" });
    expect(settings(4096)).toEqual({ ...settings(), "osd osd_memory_target": "4294967296" });
  });

  test("have a new metadata server serve within the time of a takeover", () => {
    const { "mon mds_beacon_mon_down_grace": grace, "mds mds_reconnect_timeout": reconnect } =
      settings();
    expect(Number(grace) + Number(reconnect)).toBeLessThan(20);
  });

  test("are set once each, and are text, as the monitors keep them", () => {
    const all = cephSettings({ osdMemoryMiB: 1024 });
    expect(new Set(all.map(([who, name]) => `${who} ${name}`)).size).toBe(all.length);
    for (const word of all.flat()) {
      expect(word).toMatch(/^\S+$/);
    }
  });
});

test("the plan of the cluster has the pools of its one file system, which the mount's client may use, and no key", () => {
  const plan = clusterPlan({ osdMemoryMiB: 1024 });
  expect(plan).toEqual({
    config: cephSettings({ osdMemoryMiB: 1024 }),
    pools: { data_meta: 16, data_data: 16 },
    fileSystems: { data: { metadata: "data_meta", data: "data_data" } },
  });
  const { mon } = cephEntities("s".repeat(43), [])["client.swarm"]?.caps ?? {};
  expect(mon).toBe(`allow r fsname=${Object.keys(plan.fileSystems as object).join()}`);
});
