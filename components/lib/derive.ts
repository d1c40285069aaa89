import { hkdfSync } from "node:crypto";

const UUID_BYTES = 16;

/**
 * Bytes that follow from the stack's seed and tell nothing of it, nor of those for another purpose.
 *
 * @param seed secret text, at least 43 random letters and digits
 */
export function deriveBytes(seed: string, purpose: string, count: number): Buffer {
  return Buffer.from(hkdfSync("sha256", seed, "swarmstead", purpose, count));
}

/** A UUID of version 4, variant 1 (RFC 9562), that follows from the stack's seed. */
export function deriveUuid(seed: string, purpose: string): string {
  const bytes = deriveBytes(seed, purpose, UUID_BYTES);
  bytes.writeUInt8((bytes.readUInt8(6) & 0x0f) | 0x40, 6);
  bytes.writeUInt8((bytes.readUInt8(8) & 0x3f) | 0x80, 8);
  return bytes.toString("hex").replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/, "$1-$2-$3-$4-$5");
}
