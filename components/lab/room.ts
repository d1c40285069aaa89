import { existsSync, readFileSync, statfsSync, statSync } from "node:fs";
import { dirname } from "node:path";

/** What is about to be used of this computer. */
export interface RoomNeed {
  /** Memory of the VMs that are not running yet, MiB. */
  memoryMiB: number;
  /** Space for the disks of VMs that are not made yet, GiB: what a machine fills soon, not what its disk may grow to. */
  stateGiB: number;
  /** Space for what is shared and not there yet, GiB. */
  cacheGiB: number;
}

/** What this computer has. */
export interface Room {
  memoryMiB: number;
  stateGiB: number;
  cacheGiB: number;
  /** Whether state and cache lie on the same file system, so that one must hold both. */
  shared: boolean;
}

/** Every lack, with its cure; none where there is room. */
export function findLacks(need: RoomNeed, room: Room, state: string, cache: string): string[] {
  const lacks: string[] = [];
  if (need.memoryMiB > room.memoryMiB) {
    lacks.push(
      `memory: the VMs that are to start need ${String(need.memoryMiB)} MiB, ${String(room.memoryMiB)} MiB are free; ` +
        "lower platform.memoryMiB, or end what uses it",
    );
  }
  const places = room.shared
    ? [{ folder: state, need: need.stateGiB + need.cacheGiB, free: room.stateGiB }]
    : [
        { folder: state, need: need.stateGiB, free: room.stateGiB },
        { folder: cache, need: need.cacheGiB, free: room.cacheGiB },
      ];
  for (const { folder, need: wanted, free } of places) {
    if (wanted > free) {
      lacks.push(
        `disk: ${String(wanted)} GiB are needed in ${folder}, ${String(free)} GiB are free; make room there`,
      );
    }
  }
  return lacks;
}

/** The folder itself, or the one that it will be made in. */
function existing(folder: string): string {
  return existsSync(folder) ? folder : existing(dirname(folder));
}

function readRoom(state: string, cache: string): Room {
  const memory = /^MemAvailable:\s+(\d+) kB$/m.exec(readFileSync("/proc/meminfo", "utf8"));
  const freeGiB = (folder: string): number => {
    const { bavail, bsize } = statfsSync(existing(folder));
    return Math.floor((bavail * bsize) / 2 ** 30);
  };
  const { dev } = statSync(existing(state));
  return {
    memoryMiB: Math.floor(Number(memory?.[1] ?? 0) / 1024),
    stateGiB: freeGiB(state),
    cacheGiB: freeGiB(cache),
    shared: dev === statSync(existing(cache)).dev,
  };
}

/** What this computer lacks for what is about to be made. */
export function roomLacks(need: RoomNeed, state: string, cache: string): string[] {
  return findLacks(need, readRoom(state, cache), state, cache);
}
