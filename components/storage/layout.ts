import { join } from "node:path";
import type * as pulumi from "@pulumi/pulumi";
import { dataFolders } from "../compose/compose-mounts";
import { ClusterScript } from "../lib/cluster-script";
import { MOUNT_POINT } from "./mount-conf";

/** The folders of the data layout, each after the one that it lies in. */
export function layoutFolders(apps: readonly string[]): string[] {
  const outer = [`${MOUNT_POINT}/config`, `${MOUNT_POINT}/runtime`];
  return [...outer, ...apps.flatMap(dataFolders)];
}

/**
 * Every app's folders on the shared storage, made before the app: a bind mount of what is not there fails. An app that
 * is no longer wanted keeps its folders, as they are data.
 */
export function dataLayout(
  apps: readonly string[],
  alias: pulumi.Input<string>,
  after: readonly pulumi.Resource[],
): ClusterScript {
  const lines = layoutFolders(apps).map((folder) => `${folder} root:root 755`);
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
