import { entriesAt, valueAt } from "../lib/fault";
import { type ComposeFault, keysOf, kindOf } from "./compose-fault";

/** What swarmkit takes for the name of a service or a network. */
const DNS_NAME = /^[a-zA-Z](?:[-_]*[a-zA-Z0-9])*$/;
const LONGEST_NAME = 63;

/** What swarmkit takes for the name of a secret. */
const SECRET_NAME = /^[a-zA-Z0-9](?:[a-zA-Z0-9._-]*[a-zA-Z0-9])?$/;
const LONGEST_SECRET_NAME = 64;

/** A generated secret is named `<stack>-<key>-` and so many letters of a hash. */
const HASH_LENGTH = 12;

/** Key of a secret that is to be generated, beside `external: true`; its value is the number of random letters and digits. */
export const GENERATE = "x-generate-length";
/** Key beside it whose value is raised by one to have another content. @default 1 */
export const GENERATION = "x-generation";
const LEAST = 16;
const MOST = 1024;

function serviceFaults(stack: string, root: unknown): ComposeFault[] {
  const longest = LONGEST_NAME - `${stack}_`.length;
  const message = `must be letters, digits, dashes and underscores, ${String(longest)} at most, from a letter on and not ending in a dash or an underscore; rename it`;
  return entriesAt(root, ["services"])
    .filter(([name]) => !DNS_NAME.test(name) || name.length > longest)
    .map(([name]) => ({ path: ["services", name], message, got: name }));
}

function networkNameFaults(stack: string, root: unknown): ComposeFault[] {
  const message = `must have a name of letters, digits, dashes and underscores, ${String(LONGEST_NAME)} at most; rename it`;
  return entriesAt(root, ["networks"]).flatMap(([key, network]) => {
    const own = valueAt(network, ["external"]) === true ? key : `${stack}_${key}`;
    const name = valueAt(network, ["name"]) ?? own;
    const fits = typeof name !== "string" || (DNS_NAME.test(name) && name.length <= LONGEST_NAME);
    return fits ? [] : [{ path: ["networks", key], message, got: name }];
  });
}

function lengthFaults(key: string, secret: unknown): ComposeFault[] {
  const length = valueAt(secret, [GENERATE]);
  const path = ["secrets", key];
  if (valueAt(secret, ["external"]) !== true || length === undefined) {
    // Only its keys are told: what they hold may be the secret.
    const message = `must be external: true with ${GENERATE}, so that its content is generated; write these two`;
    return [{ path, message, shown: keysOf(secret) }];
  }
  if (Number.isInteger(length) && Number(length) >= LEAST && Number(length) <= MOST) {
    return [];
  }
  const message = `must be a whole number of letters and digits from ${String(LEAST)} to ${String(MOST)}`;
  const shown = typeof length === "number" ? String(length) : kindOf(length);
  return [{ path: [...path, GENERATE], message, shown }];
}

function generationFaults(key: string, secret: unknown): ComposeFault[] {
  const generation = valueAt(secret, [GENERATION]);
  if (generation === undefined || (Number.isSafeInteger(generation) && Number(generation) >= 1)) {
    return [];
  }
  const message = "must be a whole number from 1; raise it by one to have another content";
  const shown = typeof generation === "number" ? String(generation) : kindOf(generation);
  return [{ path: ["secrets", key, GENERATION], message, shown }];
}

function secretFaults(stack: string, root: unknown): ComposeFault[] {
  const longest = LONGEST_SECRET_NAME - `${stack}--`.length - HASH_LENGTH;
  const message = `must be letters, digits, dots, dashes and underscores, ${String(longest)} at most; rename it`;
  return entriesAt(root, ["secrets"]).flatMap(([key, secret]) => [
    ...(SECRET_NAME.test(key) && key.length <= longest
      ? []
      : [{ path: ["secrets", key], message, got: key }]),
    ...lengthFaults(key, secret),
    ...generationFaults(key, secret),
  ]);
}

function configFaults(root: unknown): ComposeFault[] {
  const message =
    "must be external: true, since only compose.yaml reaches the swarm; create it by docker config create, or keep the file in the data layout and mount it";
  return entriesAt(root, ["configs"])
    .filter(([, config]) => valueAt(config, ["external"]) !== true)
    .map(([key, config]) => ({ path: ["configs", key], message, shown: keysOf(config) }));
}

/** Names that the swarm would refuse, and secrets and configs whose content the program has no way to get. */
export function nameFaults(stack: string, root: unknown): ComposeFault[] {
  return [
    ...serviceFaults(stack, root),
    ...networkNameFaults(stack, root),
    ...secretFaults(stack, root),
    ...configFaults(root),
  ];
}
