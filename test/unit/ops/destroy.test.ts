import { renderFate } from "../../../ops/destroy";
import { parseClusterConfig } from "../../../stacks/config";
import { threeManagers } from "../../support/plan";

const ERASED = "This deletes every VM of stack dev with all its disks.";

const manager = { node1: { role: "manager", address: "10.77.0.11" } };

test.each([
  ["no storage", {}, ERASED],
  ["ceph", { storage: { kind: "ceph" } }, `${ERASED} The shared storage is lost with them.`],
  ["gluster", { storage: { kind: "gluster" } }, `${ERASED} The shared storage is lost with them.`],
  [
    "a local folder",
    { storage: { kind: "local" }, machines: manager },
    `${ERASED} The shared storage is lost with them.`,
  ],
  [
    "a folder of an NFS server",
    { storage: { kind: "nfs", server: "10.77.1.10", path: "/srv/data" } },
    `${ERASED} What is in 10.77.1.10:/srv/data is not erased.`,
  ],
])("destroy says what it erases and what it does not, with %s", (_, parts, fate) => {
  const config = parseClusterConfig({ ...threeManagers(), ...parts }, "test");
  expect(renderFate("dev", config)).toBe(fate);
});
