import { deriveBytes, deriveUuid } from "../lib/derive";

/** Type of an AES key, the only one that Ceph 18 to 20 know (src/auth/Crypto.h, CEPH_CRYPTO_AES). */
const AES = 1;
const KEY_BYTES = 16;
const HEADER_BYTES = 12;

/**
 * A cephx key that follows from the stack's seed, so that a machine which comes back empty has the key that the
 * monitors know, and nothing has to be fetched from another machine.
 *
 * @param seed secret text, at least 43 random letters and digits
 * @param entity Ceph's name of who has it, for example `mds.node1`
 * @returns base64 of type, time of creation (none) and key (src/auth/Crypto.cc, CryptoKey::encode)
 */
export function cephxKey(seed: string, entity: string): string {
  const header = Buffer.alloc(HEADER_BYTES);
  header.writeUInt16LE(AES, 0);
  header.writeUInt16LE(KEY_BYTES, HEADER_BYTES - 2);
  return Buffer.concat([header, deriveBytes(seed, `cephx:${entity}`, KEY_BYTES)]).toString(
    "base64",
  );
}

/** The cluster's id; tells nothing of the seed. */
export function cephFsid(seed: string): string {
  return deriveUuid(seed, "ceph-fsid");
}

/** The id of a machine's OSD on one of its disks; a rebuilt machine's is another, as its disk is. */
export function osdUuid(seed: string, machine: string, generation: number, device: string): string {
  return deriveUuid(seed, `osd:${machine}:${String(generation)}:${device}`);
}
