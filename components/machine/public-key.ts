/** Types of keys that OpenSSH takes today, with the number of fields that follow the type inside the key. */
const FIELDS: Readonly<Record<string, number>> = {
  "ssh-ed25519": 1,
  "ecdsa-sha2-nistp256": 2,
  "ecdsa-sha2-nistp384": 2,
  "ecdsa-sha2-nistp521": 2,
  "ssh-rsa": 2,
  "sk-ssh-ed25519@openssh.com": 2,
  "sk-ecdsa-sha2-nistp256@openssh.com": 3,
};

const COPY = "copy the line of the .pub file again";

/** The fields of a key's inside, each led by its length; nothing where they do not fill it to the byte. */
function fieldsOf(blob: Buffer): string[] | undefined {
  const fields: string[] = [];
  let at = 0;
  while (at + 4 <= blob.length) {
    const length = blob.readUInt32BE(at);
    fields.push(blob.toString("latin1", at + 4, at + 4 + length));
    at += 4 + length;
  }
  return at === blob.length ? fields : undefined;
}

/**
 * What is wrong with a public key in OpenSSH's format, as "rule; cure".
 *
 * A comment after the key may be there, options before it may not: they would let a key in under rules that nothing
 * else of the stack knows.
 *
 * @see https://www.rfc-editor.org/rfc/rfc4253#section-6.6 for the inside of a key
 */
export function publicKeyFault(text: string): string | undefined {
  if (text.includes("PRIVATE KEY")) {
    return "must be a public key, not a private one; take the line of the .pub file, and make a new pair, as this one is written down here";
  }
  if (/[\r\n]/.test(text.trim())) {
    return "must be one line; give each key a name of its own";
  }
  const [type = "", content = ""] = text.trim().split(/\s+/);
  const count = FIELDS[type];
  if (count === undefined) {
    return `must begin with its type, without options, one of ${Object.keys(FIELDS).join(", ")}; ${COPY}`;
  }
  const blob = Buffer.from(content, "base64");
  const fields = fieldsOf(blob);
  if (blob.length === 0 || blob.toString("base64") !== content || fields === undefined) {
    return `must be whole, its second word is not a key; ${COPY}`;
  }
  const [inner = ""] = fields;
  if (inner !== type) {
    return `must be of the type that it begins with, the key itself says ${JSON.stringify(inner)}; ${COPY}`;
  }
  return fields.length === count + 1
    ? undefined
    : `must be whole, parts of it are missing; ${COPY}`;
}

/** The key without its comment: type and content. */
export function withoutComment(publicKey: string): string {
  return publicKey.trim().split(/\s+/).slice(0, 2).join(" ");
}
