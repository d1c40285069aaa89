import { createPrivateKey, createPublicKey } from "node:crypto";
import { deriveBytes } from "../lib/derive";

/** An ed25519 key pair in OpenSSH's formats. */
export interface SshKey {
  /** `-----BEGIN OPENSSH PRIVATE KEY-----` … Secret. */
  privateKey: string;
  /** `ssh-ed25519 AAAA…`, without a comment. */
  publicKey: string;
}

/** DER prefix of a PKCS#8 ed25519 private key (RFC 8410); the 32 bytes of the key follow. */
const PKCS8_PREFIX = Buffer.from("302e020100300506032b657004220420", "hex");
const KEY_TYPE = "ssh-ed25519";

function field(content: Buffer | string): Buffer {
  const bytes = Buffer.from(content);
  const length = Buffer.alloc(4);
  length.writeUInt32BE(bytes.length);
  return Buffer.concat([length, bytes]);
}

/**
 * A key pair that follows from a secret seed and a purpose, so that a host key is known before its machine exists and
 * nothing has to be kept beside the stack's state.
 *
 * @param seed secret text, at least 43 random letters and digits (256 bits)
 * @param purpose what the key is for, for example `host-key:node1`; another purpose is an independent key
 * @see https://github.com/openssh/openssh-portable/blob/master/PROTOCOL.key for the private format
 */
export function sshKey(seed: string, purpose: string): SshKey {
  const secret = deriveBytes(seed, purpose, 36);
  const secretKey = secret.subarray(0, 32);
  const check = secret.subarray(32);
  const pkcs8 = Buffer.concat([PKCS8_PREFIX, secretKey]);
  const spki = createPublicKey(
    createPrivateKey({ key: pkcs8, format: "der", type: "pkcs8" }),
  ).export({
    format: "der",
    type: "spki",
  });
  const publicKey = spki.subarray(spki.length - 32);

  const publicBlob = Buffer.concat([field(KEY_TYPE), field(publicKey)]);
  const unpadded = Buffer.concat([
    check,
    check,
    publicBlob,
    field(Buffer.concat([secretKey, publicKey])),
    field(""),
  ]);
  const padding = Buffer.from(
    Array.from({ length: (8 - (unpadded.length % 8)) % 8 }, (_, index) => index + 1),
  );
  const one = Buffer.alloc(4);
  one.writeUInt32BE(1);
  const blob = Buffer.concat([
    Buffer.from("openssh-key-v1\0"),
    field("none"),
    field("none"),
    field(""),
    one,
    field(publicBlob),
    field(Buffer.concat([unpadded, padding])),
  ]);
  const lines = blob.toString("base64").match(/.{1,70}/g) ?? [];
  return {
    privateKey: `-----BEGIN OPENSSH PRIVATE KEY-----\n${lines.join("\n")}\n-----END OPENSSH PRIVATE KEY-----\n`,
    publicKey: `${KEY_TYPE} ${publicBlob.toString("base64")}`,
  };
}
