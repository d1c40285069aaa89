import { createECDH, createPrivateKey, createPublicKey } from "node:crypto";
import { deriveBytes } from "../lib/derive";

/** The key of a certificate authority: ECDSA with P-256, which every client knows. */
export interface AuthorityKey {
  /** PKCS#8, PEM. Secret. */
  privateKey: string;
  /** SubjectPublicKeyInfo, PEM. */
  publicKey: string;
}

const CURVE = "prime256v1";
/** Order of P-256's group (FIPS 186-5, SP 800-186 3.2.1.3). */
const ORDER = 0xffffffff00000000ffffffffffffffffbce6faada7179e84f3b9cac2fc632551n;
const SCALAR_BYTES = 32;
/** So many more than the order has that taking the remainder favours no key (FIPS 186-5, A.2.1). */
const EXTRA_BYTES = 8;

/** Letters of a common name at most (RFC 5280, ub-common-name). */
const LONGEST_NAME = 64;

const base64url = (bytes: Buffer): string => bytes.toString("base64url");

/**
 * The key of the environment's own authority, which follows from the seed: so every manager, one that was made anew too,
 * issues certificates that whoever trusts the authority takes.
 *
 * @param seed secret text, at least 43 random letters and digits
 */
export function authorityKey(seed: string): AuthorityKey {
  const bytes = deriveBytes(seed, "certificate-authority:1", SCALAR_BYTES + EXTRA_BYTES);
  const scalar = (BigInt(`0x${bytes.toString("hex")}`) % (ORDER - 1n)) + 1n;
  const secret = Buffer.from(scalar.toString(16).padStart(2 * SCALAR_BYTES, "0"), "hex");

  const ecdh = createECDH(CURVE);
  ecdh.setPrivateKey(secret);
  // 04, and the two coordinates of the point.
  const point = ecdh.getPublicKey();
  const key = createPrivateKey({
    format: "jwk",
    key: {
      kty: "EC",
      crv: "P-256",
      d: base64url(secret),
      x: base64url(point.subarray(1, 1 + SCALAR_BYTES)),
      y: base64url(point.subarray(1 + SCALAR_BYTES)),
    },
  });
  return {
    privateKey: key.export({ type: "pkcs8", format: "pem" }).toString(),
    publicKey: createPublicKey(key).export({ type: "spki", format: "pem" }).toString(),
  };
}

/**
 * The authority's name, by which a person who trusts it finds it again; of an environment's own.
 *
 * @param stack name of the Pulumi stack
 */
export function authorityName(stack: string): string {
  return `swarmstead-${stack}`.slice(0, LONGEST_NAME);
}
