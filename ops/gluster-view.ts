import { VOLUME } from "../components/gluster/gluster-mount";
import { MOUNT_POINT } from "../components/storage/mount-conf";
import type { StorageStatus } from "./storage-view";

const COPIES = 3;
const GLUSTER = { kind: "gluster", activeMds: null } as const;

/**
 * What a manager runs to tell how GlusterFS is. The copies tell of themselves to a client of their own: `gluster volume status` would wait for
 * a machine that has just died, and hold the volume's lock meanwhile. As text, since its XML is broken where a copy is
 * away (glusterfs 11.1).
 */
export function askGluster(): string {
  return `bash -c 'gluster volume heal ${VOLUME} info summary && { stat --file-system --format "free %a %S" ${MOUNT_POINT} || true; }'`;
}

/** What one machine's copy says of itself. */
interface Copy {
  machine: string;
  isConnected: boolean;
  /** Entries that other copies lack. */
  pending: number;
  /** Entries of which nobody can say which copy is right. */
  split: number;
}

/** The machines of an environment, by name. */
type Machines = Readonly<Record<string, { address: string }>>;

function parseCopies(text: string, machines: Machines): Copy[] {
  const [, ...blocks] = text.split(/^Brick /m);
  return blocks.map((block) => {
    const count = (what: string): number =>
      Number(new RegExp(`^Number of entries in ${what}: (\\d+)$`, "m").exec(block)?.[1] ?? 0);
    const own = block.slice(0, block.indexOf(":"));
    return {
      machine: Object.keys(machines).find((name) => machines[name]?.address === own) ?? own,
      isConnected: /^Status: Connected$/m.test(block),
      pending: count("heal pending"),
      split: count("split-brain"),
    };
  });
}

function copyWarnings({ machine, isConnected, pending, split }: Copy): string[] {
  if (!isConnected) {
    return [`the copy on ${machine} is away`];
  }
  const many = (number: number): string => (number === 1 ? "1 entry" : `${String(number)} entries`);
  return [
    ...(pending > 0
      ? [`the copy on ${machine} has ${many(pending)} that another one still lacks`]
      : []),
    ...(split > 0
      ? [`the copy on ${machine} has ${many(split)} in split-brain: no copy is known to be right`]
      : []),
  ];
}

/** What the copies say; unknown where they say nothing. */
export function parseGlusterAnswer(text: string, machines: Machines): StorageStatus {
  const copies = parseCopies(text, machines);
  if (copies.length === 0) {
    const warning = "no manager has told of it in time, or two of the three copies are away";
    return { ...GLUSTER, health: "unknown", degraded: true, warnings: [warning] };
  }
  const connected = copies.filter(({ isConnected }) => isConnected).length;
  const degraded = connected < COPIES || copies.some(({ pending, split }) => pending + split > 0);
  const isBroken = connected < COPIES - 1 || copies.some(({ split }) => split > 0);
  const warnings = copies.flatMap(copyWarnings);
  const space = /^free (\d+) (\d+)$/m.exec(text);
  if (!space) {
    const dead = `${MOUNT_POINT} cannot be used on the manager that was asked`;
    return { ...GLUSTER, health: "HEALTH_ERR", degraded, warnings: [...warnings, dead] };
  }
  const freeMiB = Math.floor((Number(space[1]) * Number(space[2])) / 2 ** 20);
  const health = isBroken ? "HEALTH_ERR" : degraded ? "HEALTH_WARN" : "HEALTH_OK";
  return { ...GLUSTER, health, degraded, freeMiB, warnings };
}
