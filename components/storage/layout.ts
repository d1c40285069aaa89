import { join } from "node:path";
import type * as pulumi from "@pulumi/pulumi";
import type { DataFolder } from "../compose/compose-folders";
import { dataFolders } from "../compose/compose-mounts";
import { ClusterScript } from "../lib/cluster-script";
import { MOUNT_POINT } from "./mount-conf";

/** Apps by name, each with the folders that its compose file declares. */
export type AppFolders = Readonly<Record<string, readonly DataFolder[]>>;

/** The folders of the data layout, each after the one that it lies in. */
export function layoutFolders(apps: AppFolders): DataFolder[] {
  const plain = (path: string): DataFolder => ({ path, owner: "root:root", mode: "755" });
  const outer = [`${MOUNT_POINT}/config`, `${MOUNT_POINT}/runtime`];
  return [
    ...outer.map(plain),
    ...Object.entries(apps).flatMap(([app, own]) => [...dataFolders(app).map(plain), ...own]),
  ];
}

/**
 * Every app's folders on the shared storage, made before the app: a bind mount of what is not there fails. An app that
 * is no longer wanted keeps its folders, as they are data.
 */
export function dataLayout(
  apps: AppFolders,
  alias: pulumi.Input<string>,
  after: readonly pulumi.Resource[],
): ClusterScript {
  const lines = layoutFolders(apps).map(({ path, owner, mode }) => `${path} ${owner} ${mode}`);
  return new ClusterScript(
    "storage-layout",
    {
      alias,
      file: join(__dirname, "scripts/set-folders.sh"),
      values: { FOLDERS: lines.join("\n") },
    },
    { dependsOn: [...after] },
  );
}
