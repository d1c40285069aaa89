import { managerAlias } from "../components/lib/ssh-config";
import { MOUNT_POINT } from "../components/storage/mount-conf";
import { askCeph, parseCephAnswer } from "./ceph-view";
import type { Problem } from "./cluster-status";
import type { Context } from "./context";
import { askGluster, parseGlusterAnswer } from "./gluster-view";
import { runOn } from "./ssh-session";

/** The kinds of shared storage that are there. */
export const STORAGE_KINDS = ["ceph", "gluster", "nfs", "local"] as const;

export type StorageKind = (typeof STORAGE_KINDS)[number];

/** The shared storage as `./swarmstead status --json` prints it. */
export interface StorageStatus {
  kind: StorageKind;
  /** Ceph's own word; of GlusterFS how its copies are; of a server only whether it answers. `unknown` where none does in time. A local folder is as well as its machine. */
  health: "HEALTH_OK" | "HEALTH_WARN" | "HEALTH_ERR" | "unknown";
  /** Whether some data has fewer copies than it should have. */
  degraded: boolean;
  /** The machine whose metadata server serves; `null` where there is none. */
  activeMds: string | null;
  /** Space for data, all copies counted once, in MiB. */
  freeMiB?: number;
  /** What is not well: Ceph's own words, or that there is no answer. */
  warnings: string[];
}

/** What `stat` says of the mountpoint: file system, free blocks, and bytes of each; unknown where it says nothing. */
function parseNfsStat(text: string): StorageStatus {
  const known = /^nfs (\d+) (\d+)\n$/.exec(text);
  const nfs = { kind: "nfs", degraded: false, activeMds: null } as const;
  if (!known) {
    const warning = "the server does not answer, or its folder is not mounted on a manager";
    return { ...nfs, health: "unknown", warnings: [warning] };
  }
  const freeMiB = Math.floor((Number(known[1]) * Number(known[2])) / 2 ** 20);
  return { ...nfs, health: "HEALTH_OK", freeMiB, warnings: [] };
}

/** Asks any live manager how the storage is; nothing where the environment has none. Never fails. */
export async function lookAtStorage(
  context: Context,
  timeoutSeconds: number,
): Promise<StorageStatus | undefined> {
  const { storage, machines } = context.config();
  switch (storage?.kind) {
    case undefined:
      return undefined;
    case "local":
      return { kind: "local", health: "HEALTH_OK", degraded: false, activeMds: null, warnings: [] };
    case "ceph":
      return parseCephAnswer(await askManager(context, timeoutSeconds, askCeph()));
    case "gluster":
      return parseGlusterAnswer(await askManager(context, timeoutSeconds, askGluster()), machines);
    case "nfs":
      return parseNfsStat(
        await askManager(
          context,
          timeoutSeconds,
          `stat --file-system --format '%T %a %S' ${MOUNT_POINT}`,
        ),
      );
  }
}

/** A command's output on any live manager; empty where it fails or does not end in time. */
async function askManager(
  context: Context,
  timeoutSeconds: number,
  command: string,
): Promise<string> {
  // What waits for storage ends by this signal alone.
  const ask = `timeout --signal KILL ${String(Math.max(1, timeoutSeconds - 5))} ${command}`;
  const alias = managerAlias(context.stack);
  // An examination has the second check the cluster's steps meanwhile.
  const { code, stdout } = await runOn(context, alias, ask, timeoutSeconds, 2);
  return code === 0 ? stdout : "";
}

const CURES: Readonly<Record<StorageKind, string>> = {
  ceph: "./swarmstead ssh <a manager> sudo ceph health detail; wait where a machine has just come back",
  gluster:
    "wait where a machine has just come back, as it is filled by itself; or see ./swarmstead ssh <a manager> sudo gluster volume heal data info",
  nfs: "get the server to answer: what waits for it then goes on by itself; or see ./swarmstead ssh <a manager> sudo journalctl -u swarmstead-storage -n 20",
  local: "./swarmstead doctor",
};

/** What is wrong with the storage: one thing for each of its own warnings. */
export function storageProblems(storage: StorageStatus | undefined): Problem[] {
  const cure = CURES[storage?.kind ?? "local"];
  return (storage?.warnings ?? []).map((what) => ({ where: "storage", what, cure }));
}

/** A line for people. */
export function renderStorage({
  kind,
  health,
  degraded,
  activeMds,
  freeMiB,
}: StorageStatus): string {
  const space = freeMiB === undefined ? "" : `, ${String(Math.floor(freeMiB / 1024))} GiB free`;
  const mds = kind === "ceph" ? `, metadata by ${activeMds ?? "nobody"}` : "";
  return `storage ${kind}: ${health}${degraded ? ", degraded" : ""}${space}${mds}`;
}
