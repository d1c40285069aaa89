import assert from "node:assert/strict";
import type { StorageKind } from "../../ops/storage-view";
import type { LabStack } from "./lab-stack";
import { expectFacts, readFacts } from "./machine-facts";

/** An environment of each kind, and the file system's name, as `stat` has it. */
export const ENVIRONMENTS: Readonly<
  Record<StorageKind, { example: string; machines: readonly string[]; fileSystem: string }>
> = {
  ceph: {
    example: "examples/ceph.yaml",
    machines: ["node1", "node2", "node3"],
    fileSystem: "ceph",
  },
  gluster: {
    example: "examples/gluster.yaml",
    machines: ["node1", "node2", "node3", "worker1"],
    fileSystem: "fuse",
  },
  nfs: { example: "examples/nfs.yaml", machines: ["node1", "worker1"], fileSystem: "nfs" },
  local: { example: "examples/one-node.yaml", machines: ["node1"], fileSystem: "ext2/ext3" },
};

/** What is asked of every kind, in order, by the name of the test. */
export type Contract = readonly (readonly [name: string, body: () => Promise<void>])[];

const APP = `services:
  keeper:
    image: swarmstead/whoami:1.0
    volumes: [/var/data/keeper:/data]
    healthcheck: { test: ["CMD", "/whoami", "-healthcheck"], interval: 15s, start_period: 60s, start_interval: 2s }
`;

/** Every kind keeps the same promises to the layers above. Goes on from an environment that has the storage. */
export function storageContract(
  lab: LabStack,
  kind: StorageKind,
  machines: readonly string[],
): Contract {
  const [first = "", ...others] = machines;
  return [
    [
      "is well, mounted on every machine, and what one writes the others read at once",
      async () => {
        const { storage, problems } = await lab.status();
        assert.deepEqual(problems, []);
        assert.deepEqual([storage?.kind, storage?.health], [kind, "HEALTH_OK"]);
        await lab.on(first, "echo hello >/var/data/hello && sync /var/data/hello");
        for (const machine of machines) {
          assert.equal(
            await lab.on(machine, "cat /var/data/hello; stat -f -c %T /var/data"),
            `hello\n${ENVIRONMENTS[kind].fileSystem}`,
          );
        }
      },
    ],
    [
      "stays as it is at a second up, on every machine",
      async () => {
        const facts = await readFacts(lab, machines);
        await lab.must("up");
        await expectFacts(lab, facts);
      },
    ],
    [
      "gives an app its folders before it starts, and the app its files wherever it runs",
      async () => {
        lab.write("apps/keeper/compose.yaml", APP);
        lab.configure(["apps", "keeper"], {});
        await lab.must("up");
        const folders = "/var/data/config/keeper /var/data/keeper /var/data/runtime/keeper";
        await lab.on(first, `for each in ${folders}; do [ -d "$each" ]; done`);
        await lab.on(first, "echo kept >/var/data/keeper/file && sync /var/data/keeper/file");
        for (const machine of others) {
          await lab.on(
            first,
            `docker service update --quiet --constraint-add node.hostname==${machine} keeper_keeper >/dev/null`,
          );
          // The image has no shell; Docker reads the container's file for it.
          const id = "$(docker ps --quiet --filter name=keeper_keeper)";
          const file = await lab.on(
            machine,
            `docker cp "${id}:/data/file" - | tar --extract --to-stdout`,
          );
          assert.equal(file, "kept");
          await lab.on(
            first,
            `docker service update --quiet --constraint-rm node.hostname==${machine} keeper_keeper >/dev/null`,
          );
        }
        lab.configure(["apps", "keeper"], undefined);
        await lab.must("up");
        assert.equal(
          await lab.on(first, "cat /var/data/keeper/file"),
          "kept",
          "an app's data stay",
        );
      },
    ],
    [
      "is there again before Docker, where a machine was shut down and started",
      async () => {
        await lab.must("down");
        await lab.must("up");
        assert.equal(await lab.on(first, "cat /var/data/hello"), "hello");
        for (const machine of kind === "local" ? [] : machines) {
          const times = await lab.on(
            machine,
            "systemctl show swarmstead-storage docker --property ActiveEnterTimestampMonotonic --value",
          );
          const [mounted = 0, docker = 0] = times.split("\n").filter(Boolean).map(Number);
          assert.ok(mounted > 0 && mounted < docker, `${machine}: ${times}`);
        }
      },
    ],
    ...(kind === "local"
      ? []
      : [
          [
            "takes nothing under its mountpoint",
            async () => {
              const said = await lab.on(
                first,
                "mkdir -p /run/bare && mount --bind / /run/bare && touch /run/bare/var/data/x 2>&1; umount /run/bare",
              );
              assert.match(said, /Operation not permitted/);
            },
          ] as const,
        ]),
  ];
}
