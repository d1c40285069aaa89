import { posix } from "node:path";
import fc from "fast-check";
import { dataFolders } from "../../../../components/compose/compose-mounts";
import { valueIn } from "../../../../components/lib/shell";
import { layoutFolders } from "../../../../components/storage/layout";
import type { Registered } from "../../../support/deploy";
import { plan, threeManagers } from "../../../support/plan";
import { drawTree } from "../../../support/tree";

const local = (): Record<string, unknown> => ({
  ...threeManagers(),
  machines: { node1: { role: "manager", address: "10.77.0.11" } },
  storage: { kind: "local" },
});

const nfs = (): Record<string, unknown> => ({
  ...threeManagers(),
  storage: { kind: "nfs", server: "10.77.1.10", path: "/srv/data" },
});

/** What a step is told to make. */
function foldersOf(registered: readonly Registered[], step: string): string | undefined {
  const found = registered.find(({ name }) => name === step);
  return valueIn(String(found?.inputs.stdin), "FOLDERS");
}

describe("the data layout", () => {
  test("is these folders for an app", () => {
    const own = { path: "/var/data/runtime/blog/db", owner: "999:999", mode: "700" };
    expect(layoutFolders({ blog: [own] })).toEqual([
      ...[
        "/var/data/config",
        "/var/data/runtime",
        "/var/data/config/blog",
        "/var/data/blog",
        "/var/data/runtime/blog",
      ].map((path) => ({ path, owner: "root:root", mode: "755" })),
      own,
    ]);
  });

  test("has all that an app may mount, each once and after the folder that it lies in", () => {
    const app = fc.stringMatching(/^[a-z][a-z0-9-]{0,8}[a-z0-9]$/);
    const apps = fc.uniqueArray(app.filter((name) => !["config", "runtime"].includes(name)));
    fc.assert(
      fc.property(apps, (names) => {
        const none = Object.fromEntries(names.map((name) => [name, []]));
        const folders = layoutFolders(none).map(({ path }) => path);
        expect(folders).toEqual(expect.arrayContaining(names.flatMap(dataFolders)));
        expect(new Set(folders).size).toBe(folders.length);
        for (const [at, folder] of folders.entries()) {
          const outer = posix.dirname(folder);
          expect(["/var/data", ...folders.slice(0, at)]).toContain(outer);
        }
      }),
    );
  });

  test("is made on mounted storage and before any app, whatever the kind", async () => {
    for (const [cluster, machines] of [
      [{ ...threeManagers(), storage: { kind: "ceph" } }, ["node1", "node2", "node3"]],
      [nfs(), ["node1", "node2", "node3"]],
      [local(), ["node1"]],
    ] as const) {
      let registered: readonly Registered[] = [];
      const tree = await drawTree(async () => {
        registered = await plan(cluster);
      });
      const mounted = machines.map((name) => `${name}-storage`).join(", ");
      expect(tree).toContain(`storage-layout  <- ${mounted}\n`);
      expect(tree).toMatch(/^swarmstead:stack:Stack whoami {2}<- .*\bstorage-layout\b/m);
      expect(tree).toMatch(/ node1-member {2}<- node1-storage\b/);
      expect(foldersOf(registered, "storage-layout")?.split("\n")).toEqual(
        layoutFolders({ whoami: [] }).map(({ path }) => `${path} root:root 755`),
      );
    }
  });

  test("has the folders that an app's compose file declares, by the numbers of its containers' users", async () => {
    const registered = await plan({ ...local(), apps: { wordpress: {} } });
    const lines = foldersOf(registered, "storage-layout")?.split("\n");
    expect(lines?.slice(-2)).toEqual([
      "/var/data/runtime/wordpress/mysql 999:999 700",
      "/var/data/wordpress/wp-content 33:33 755",
    ]);
  });

  test("is not there without storage", async () => {
    const names = (await plan(threeManagers())).map(({ name }) => name);
    expect(names.filter((name) => /storage|ceph/.test(name))).toEqual([]);
  });
});

test("a local folder is the one step of local storage, on the only machine", async () => {
  const registered = await plan(local());
  const names = registered.map(({ name }) => name).filter((name) => /storage|ceph|keys/.test(name));
  expect(names.sort()).toEqual(["node1-storage", "storage", "storage-layout"]);
  expect(foldersOf(registered, "node1-storage")).toBe("/var/data root:root 755");
});
