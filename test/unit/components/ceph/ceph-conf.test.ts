import { CEPH_PORTS, renderCephConf } from "../../../../components/ceph/ceph-conf";
import {
  cephEntities,
  keyFiles,
  renderKeyFiles,
  renderKeyring,
} from "../../../../components/ceph/ceph-keys";
import { cephxKey } from "../../../../components/ceph/cephx";
import { configFaults, managers as managersText, withParts } from "../../../support/config-text";

const SEED = "0123456789abcdef".repeat(4);
const MANAGERS = ["node1", "node2", "node3"];
const key = (entity: string): string => cephxKey(SEED, entity);

test("ceph.conf names the cluster, its monitors by both protocols, and the network", () => {
  const text = renderCephConf({
    fsid: "7b1bb0c0-0000-4000-8000-000000000000",
    monitors: ["10.77.0.11", "10.77.0.12"],
    cidr: "10.77.0.0/24",
  });
  expect(text.split("\n").slice(0, 6)).toEqual([
    "[global]",
    "fsid = 7b1bb0c0-0000-4000-8000-000000000000",
    "mon_host = [v2:10.77.0.11:3300,v1:10.77.0.11:6789] [v2:10.77.0.12:3300,v1:10.77.0.12:6789]",
    "public_network = 10.77.0.0/24",
    "ms_bind_ipv6 = false",
    "mgr_initial_modules = iostat",
  ]);
  expect(text).toMatch(/^mgr_disabled_modules = .*\brestful\b.*\n$/m);
  expect(text.endsWith("\n")).toBe(true);
});

test("Ceph knows the admin, the mount and each manager's daemons, each by the key that follows from its name", () => {
  const entities = cephEntities(SEED, MANAGERS);
  expect(Object.keys(entities)).toEqual([
    "client.admin",
    "client.swarm",
    ...MANAGERS.flatMap((name) => [`mgr.${name}`, `mds.${name}`]),
  ]);
  for (const [entity, { key: own }] of Object.entries(entities)) {
    expect(own).toBe(key(entity));
  }
});

test("the mount's client may read and write the one file system, and nothing of the cluster's own", () => {
  expect(cephEntities(SEED, MANAGERS)["client.swarm"]?.caps).toEqual({
    mon: "allow r fsname=data",
    mds: "allow rw fsname=data",
    osd: "allow rw tag cephfs data=data",
  });
});

test("a keyring has a section for each entity, with its key and what it may do", () => {
  const caps = { mon: "allow profile mds", osd: "allow rw tag cephfs *=*" };
  const entities = { "mds.a": { key: "AQ==", caps }, "mon.": { key: "Ag==", caps: {} } };
  expect(renderKeyring(entities)).toBe(
    [
      "[mds.a]",
      "\tkey = AQ==",
      '\tcaps mon = "allow profile mds"',
      '\tcaps osd = "allow rw tag cephfs *=*"',
      "[mon.]",
      "\tkey = Ag==",
      "",
    ].join("\n"),
  );
});

describe("the key files", () => {
  const filesOf = (name: string, isManager: boolean): Record<string, string> =>
    Object.fromEntries(
      keyFiles(SEED, { name, isManager }, MANAGERS).map(({ path, owner, text }) => [
        `${path} ${owner}`,
        text,
      ]),
    );

  test("of a worker are the mount's secret and no other", () => {
    expect(filesOf("worker1", false)).toEqual({
      "/etc/ceph/swarm.secret root": `${key("client.swarm")}\n`,
    });
  });

  test("of a manager are the mount's, the admin's, the monitors' and those of its own daemons, each whole", () => {
    const entities = cephEntities(SEED, MANAGERS);
    const ring = (...names: string[]): string =>
      names
        .map((name) => renderKeyring({ [name]: entities[name] ?? { key: "?", caps: {} } }))
        .join("");
    const mon = renderKeyring({ "mon.": { key: key("mon."), caps: { mon: "allow *" } } });
    expect(filesOf("node2", true)).toEqual({
      "/etc/ceph/swarm.secret root": `${key("client.swarm")}\n`,
      "/etc/ceph/ceph.client.admin.keyring root": ring("client.admin"),
      "/etc/ceph/founders.keyring ceph": mon + ring("client.admin"),
      "/var/lib/ceph/mgr/ceph-node2/keyring ceph": ring("mgr.node2"),
      "/var/lib/ceph/mds/ceph-node2/keyring ceph": ring("mds.node2"),
      "/etc/ceph/osd.key root": `${key("osd:node2")}\n`,
    });
  });

  test.each(MANAGERS)("of %s hold no other machine's keys", (name) => {
    const text = Object.values(filesOf(name, true)).join("");
    for (const owner of MANAGERS) {
      for (const entity of [`mgr.${owner}`, `mds.${owner}`, `osd:${owner}`]) {
        expect([entity, text.includes(key(entity))]).toEqual([entity, owner === name]);
      }
    }
  });

  test("travel as a line each, the text in base64 to its last line's end", () => {
    const text = renderKeyFiles([
      { path: "/a", owner: "root", text: "one\n" },
      { path: "/b", owner: "ceph", text: "[x]\n\tkey = y\n" },
    ]);
    expect(text).toBe("/a root b25lCg==\n/b ceph W3hdCglrZXkgPSB5Cg==");
  });
});

test("the ports that the config keeps for Ceph are those that the firewall lets nodes reach, to the number", () => {
  const ranges = CEPH_PORTS.map((port) => port.split("-").map(Number));
  const near = [...new Set(ranges.flat().flatMap((port) => [port - 1, port, port + 1]))];
  const kept = near.filter((port) =>
    ranges.some(([from = 0, to = from]) => port >= from && port <= to),
  );
  const ofConfig = (kind: string, protocol: string): number[] =>
    near.filter((port) => {
      const network = `{cidr: 10.77.0.0/24, open: [${String(port)}/${protocol}]}`;
      const text = withParts({
        storage: `{kind: ${kind}}`,
        machines: managersText(kind === "ceph" ? 3 : 1),
        network,
      });
      return configFaults(text).length > 0;
    });
  expect(kept).toEqual([3300, 6789, 6800, 6801, 7567, 7568]);
  expect(ofConfig("ceph", "tcp")).toEqual(kept);
  expect(ofConfig("ceph", "udp")).toEqual([]);
  expect(ofConfig("local", "tcp")).toEqual([]);
});
