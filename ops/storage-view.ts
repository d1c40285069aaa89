import { managerAlias } from "../components/lib/ssh-config";
import type { Problem } from "./cluster-status";
import type { Context } from "./context";
import { runOn } from "./ssh-session";

/** The shared storage as `./swarmstead status --json` prints it. */
export interface StorageStatus {
  kind: "ceph" | "local";
  /** Ceph's own word, `unknown` where it does not answer in time; a local folder is as well as its machine. */
  health: "HEALTH_OK" | "HEALTH_WARN" | "HEALTH_ERR" | "unknown";
  /** Whether some data has fewer copies than it should have. */
  degraded: boolean;
  /** The machine whose metadata server serves; `null` where there is none. */
  activeMds: string | null;
  /** Space for data, all copies counted once, in MiB. */
  freeMiB?: number;
  /** What Ceph is not content with, in its words. */
  warnings: string[];
}

interface CephStatus {
  health: { status: StorageStatus["health"]; checks: Record<string, CephCheck> };
  pgmap: {
    degraded_objects?: number;
    pgs_by_state?: { state_name: string }[];
    bytes_avail?: number;
  };
  fsmap: { by_rank?: { name: string; status: string }[] };
}

interface CephCheck {
  summary: { message: string };
  muted?: boolean;
}

const COPIES = 3;
const UNKNOWN = { kind: "ceph", health: "unknown", degraded: true, activeMds: null } as const;

/** What `ceph status --format json` says; unknown where it says nothing. */
export function parseCephStatus(text: string): StorageStatus {
  if (text.trim() === "") {
    return { ...UNKNOWN, warnings: ["no monitor has told of it in time"] };
  }
  const { health, pgmap, fsmap } = JSON.parse(text) as CephStatus;
  const states = (pgmap.pgs_by_state ?? []).map(({ state_name: state }) => state);
  const active = (fsmap.by_rank ?? []).find(({ status }) => status.startsWith("up:active"));
  const { bytes_avail: bytes } = pgmap;
  return {
    kind: "ceph",
    health: health.status,
    degraded:
      (pgmap.degraded_objects ?? 0) > 0 ||
      states.some((state) => /degraded|undersized|down|stale/.test(state)),
    activeMds: active?.name ?? null,
    ...(bytes === undefined ? {} : { freeMiB: Math.floor(bytes / COPIES / 2 ** 20) }),
    warnings: Object.entries(health.checks)
      .filter(([, { muted }]) => muted !== true)
      .map(([name, { summary }]) => `${summary.message} (${name})`),
  };
}

/** Asks any live manager how the storage is; nothing where the environment has none. Never fails. */
export async function lookAtStorage(
  context: Context,
  timeoutSeconds: number,
): Promise<StorageStatus | undefined> {
  const { storage } = context.config();
  switch (storage?.kind) {
    case undefined:
      return undefined;
    case "local":
      return { kind: "local", health: "HEALTH_OK", degraded: false, activeMds: null, warnings: [] };
    case "ceph": {
      const seconds = String(Math.max(1, timeoutSeconds - 5));
      const ask = `timeout ${seconds} ceph status --format json`;
      const { code, stdout } = await runOn(
        context,
        managerAlias(context.stack),
        ask,
        timeoutSeconds,
      );
      return parseCephStatus(code === 0 ? stdout : "");
    }
  }
}

/** What is wrong with the storage: one thing for each of its own warnings. */
export function storageProblems(storage: StorageStatus | undefined): Problem[] {
  const cure =
    "./swarmstead ssh <a manager> sudo ceph health detail; wait where a machine has just come back";
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
