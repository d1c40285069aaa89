import { execFileSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { publicKeyFault, withoutComment } from "../../../../components/machine/public-key";
import { sshKey } from "../../../../components/machine/ssh-key";

const KEY = sshKey("ab".repeat(32), "alice").publicKey;
const [, CONTENT = ""] = KEY.split(" ");

/** A public key of OpenSSH's own making. */
function makeKey(...words: string[]): string {
  const folder = mkdtempSync(join(tmpdir(), "public-key-"));
  try {
    const file = join(folder, "key");
    execFileSync("ssh-keygen", ["-q", "-N", "", "-C", "alice@laptop", "-f", file, ...words]);
    return readFileSync(`${file}.pub`, "utf8");
  } finally {
    rmSync(folder, { recursive: true });
  }
}

test.each([
  [["-t", "ed25519"]],
  [["-t", "ecdsa", "-b", "256"]],
  [["-t", "ecdsa", "-b", "384"]],
  [["-t", "ecdsa", "-b", "521"]],
  [["-t", "rsa", "-b", "2048"]],
])("takes what ssh-keygen %j makes", (words) => {
  expect(publicKeyFault(makeKey(...words))).toBeUndefined();
});

// Made by hand, as ssh-keygen makes them only with the hardware at hand: type, key, application.
test.each([
  ["sk-ssh-ed25519@openssh.com", ["k".repeat(32), "ssh:"]],
  ["sk-ecdsa-sha2-nistp256@openssh.com", ["nistp256", "k".repeat(65), "ssh:"]],
])("takes a key of type %s, which lives on hardware", (type, parts) => {
  const fields = [type, ...parts].map((part) => {
    const length = Buffer.alloc(4);
    length.writeUInt32BE(part.length);
    return Buffer.concat([length, Buffer.from(part)]);
  });
  expect(publicKeyFault(`${type} ${Buffer.concat(fields).toString("base64")}`)).toBeUndefined();
});

test("takes the comment off", () => {
  expect(withoutComment(`${KEY}  alice at home\n`)).toBe(KEY);
});

const COPY = "copy the line of the .pub file again";
test.each([
  [
    "a private key",
    "-----BEGIN OPENSSH PRIVATE KEY-----\nb3BlbnNzaC1rZXk=\n",
    "must be a public key, not a private one; take the line of the .pub file, and make a new pair, as this one is written down here",
  ],
  ["two keys", `${KEY}\n${KEY}`, "must be one line; give each key a name of its own"],
  [
    "options",
    `command="true" ${KEY}`,
    `must begin with its type, without options, one of ssh-ed25519, ecdsa-sha2-nistp256, ecdsa-sha2-nistp384, ecdsa-sha2-nistp521, ssh-rsa, sk-ssh-ed25519@openssh.com, sk-ecdsa-sha2-nistp256@openssh.com; ${COPY}`,
  ],
  ["no key", "ssh-ed25519", `must be whole, its second word is not a key; ${COPY}`],
  ["a cut key", KEY.slice(0, -8), `must be whole, its second word is not a key; ${COPY}`],
  [
    "no base64",
    `ssh-ed25519 ${"!".repeat(68)}`,
    `must be whole, its second word is not a key; ${COPY}`,
  ],
  [
    "another type inside",
    `ssh-rsa ${CONTENT}`,
    `must be of the type that it begins with, the key itself says "ssh-ed25519"; ${COPY}`,
  ],
  [
    "a part too few",
    `ssh-ed25519 ${Buffer.from("\0\0\0\vssh-ed25519").toString("base64")}`,
    `must be whole, parts of it are missing; ${COPY}`,
  ],
])("refuses %s", (_, text, fault) => {
  expect(publicKeyFault(text)).toBe(fault);
});

test.each(["ssh-dss AAAA", "ssh-ed25519-cert-v01@openssh.com AAAA", ""])("refuses %p", (text) => {
  expect(publicKeyFault(text)).toContain("must begin with its type");
});
