import { execFileSync } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import fc from "fast-check";
import { sshKey } from "../../../../components/machine/ssh-key";

const SEED = "0123456789abcdef".repeat(4);

/** The public key that OpenSSH finds in a private one. */
function publicKeyOf(privateKey: string): string {
  const folder = mkdtempSync(join(tmpdir(), "ssh-key-"));
  try {
    const file = join(folder, "key");
    writeFileSync(file, privateKey, { mode: 0o600 });
    return execFileSync("ssh-keygen", ["-y", "-f", file], { encoding: "utf8" }).trim();
  } finally {
    rmSync(folder, { recursive: true });
  }
}

test.each(["operator", "host-key:node1:1", "host-key:node2:1", ""])(
  "OpenSSH reads the private key for %p and finds the same public key in it",
  (purpose) => {
    const { privateKey, publicKey } = sshKey(SEED, purpose);
    expect(publicKeyOf(privateKey)).toBe(publicKey);
  },
);

test("the key of a seed and a purpose never changes: machines that run were given it", () => {
  expect(sshKey(SEED, "host-key:node1:1").publicKey).toBe(
    "ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIIVC2hoDhCI2Y8Vp9SRbG9c0FxacQ0VloUd5j5C1Q0cu",
  );
});

test("another seed or another purpose is another key", () => {
  const hex = fc
    .uint8Array({ minLength: 32, maxLength: 32 })
    .map((b) => Buffer.from(b).toString("hex"));
  fc.assert(
    fc.property(hex, hex, fc.string(), fc.string(), (seed, other, purpose, another) => {
      const key = sshKey(seed, purpose).publicKey;
      expect(sshKey(seed, purpose).publicKey).toBe(key);
      expect(sshKey(other, purpose).publicKey === key).toBe(other === seed);
      expect(sshKey(seed, another).publicKey === key).toBe(another === purpose);
    }),
  );
});
