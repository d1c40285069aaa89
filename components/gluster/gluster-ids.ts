import { deriveUuid } from "../lib/derive";

/**
 * GlusterFS's id of a machine. The same for every generation, so that a machine which comes back empty is the peer that
 * the others know.
 */
export function peerUuid(seed: string, machine: string): string {
  return deriveUuid(seed, `gluster-peer:${machine}`);
}

/** The id of the file system on a machine's disk; a rebuilt machine's is another, as its disk is. */
export function brickUuid(
  seed: string,
  machine: string,
  generation: number,
  device: string,
): string {
  return deriveUuid(seed, `gluster-brick:${machine}:${String(generation)}:${device}`);
}
