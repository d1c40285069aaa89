import { z } from "zod";
import { entriesAt, type Fault } from "../components/lib/fault";
import { publicKeyFault, withoutComment } from "../components/machine/public-key";
import { read } from "./config-fault";
import { NAME_PATTERN, section, wholeNumber } from "./config-values";

const FORM = "must be a public key as text; for example ssh-ed25519 AAAA…";

/** A public key in OpenSSH's format; a comment is taken off. */
const PublicKey = z
  .string({ error: FORM })
  .check(({ value, issues }) => {
    const message = publicKeyFault(value);
    if (message !== undefined) {
      issues.push({ code: "custom", message, input: value });
    }
  })
  .transform(withoutComment);

/** Who may log in to the machines. */
export const AccessSection = section({
  operatorKey: wholeNumber("keys", 1, 1_000_000)
    .default(1)
    .describe("Raise it by one to have the stack's own SSH key replaced; from 1, never back."),
  operators: z
    .record(z.string(), PublicKey, {
      error: "must be a map of public keys by name; for example {alice: ssh-ed25519 AAAA…}",
    })
    .default({})
    .meta({
      description: "People who may log in with keys of their own: name to public SSH key.",
      propertyNames: { pattern: NAME_PATTERN.source },
    }),
}).describe("Who may log in to the machines by SSH.");

/** A key that two people have could be taken from neither. */
export function accessFaults(value: unknown): Fault[] {
  const owners = new Map<string, string>();
  return entriesAt(value, ["access", "operators"]).flatMap(([name]) => {
    const path = ["access", "operators", name];
    const key = read(PublicKey, value, path);
    if (key === undefined) {
      return [];
    }
    const owner = owners.get(key);
    owners.set(key, owner ?? name);
    const message = `must be one person's alone; ${owner ?? ""} has it already, remove one of the two`;
    return owner === undefined ? [] : [{ path, message }];
  });
}
