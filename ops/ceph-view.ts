import type { StorageStatus } from "./storage-view";

/**
 * Asks the monitors for all at once. Not by the `ceph` command, which first has them send the description of every command
 * that there is, and reads it in Python.
 */
const ASK = `
import json, os, rados
limits = {"client_mount_timeout": "60", "rados_mon_op_timeout": "60"}
cluster = rados.Rados(conffile="/etc/ceph/ceph.conf", rados_id="admin", conf=limits)
cluster.connect()
def ask(**words):
    code, out, said = cluster.mon_command(json.dumps({**words, "format": "json"}), b"")
    return json.loads(out)
print(json.dumps({"status": ask(prefix="status"), "health": ask(prefix="health", detail="detail")}), flush=True)
os._exit(0)
`;

/** What a manager runs to tell how Ceph is. */
export function askCeph(): string {
  return `python3 -c '${ASK}'`;
}

interface CephAnswer {
  status: {
    pgmap: {
      degraded_objects?: number;
      pgs_by_state?: { state_name: string }[];
      bytes_avail?: number;
    };
    fsmap: { by_rank?: { name: string; status: string }[] };
  };
  health: { status: StorageStatus["health"]; checks: Record<string, CephCheck> };
}

interface CephCheck {
  summary: { message: string };
  detail?: { message: string }[];
  muted?: boolean;
}

const COPIES = 3;
const UNKNOWN = { kind: "ceph", health: "unknown", degraded: true, activeMds: null } as const;

/** Of so few it is told which they are; a machine's loss concerns dozens of placement groups. */
const FEW = 3;

function warningOf([name, { summary, detail = [] }]: readonly [string, CephCheck]): string {
  const which = detail.length <= FEW ? detail.map(({ message }) => message) : [];
  return `${[summary.message, ...which].join(": ")} (${name})`;
}

/** What the monitors say; unknown where they say nothing. */
export function parseCephAnswer(text: string): StorageStatus {
  if (text.trim() === "") {
    return { ...UNKNOWN, warnings: ["no monitor has told of it in time"] };
  }
  const { health, status } = JSON.parse(text) as CephAnswer;
  const { pgmap, fsmap } = status;
  const states = (pgmap.pgs_by_state ?? []).map(({ state_name: state }) => state);
  const active = (fsmap.by_rank ?? []).find((rank) => rank.status.startsWith("up:active"));
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
      .map(warningOf),
  };
}
