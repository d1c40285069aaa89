/**
 * Values as the engine sends them: plain JSON, in which a secret is an object with a signature and what is not known
 * yet is a magic string.
 */
export type Value =
  | null
  | boolean
  | number
  | string
  | readonly Value[]
  | { readonly [key: string]: Value };

/** A resource's properties by name. */
export type Properties = Readonly<Record<string, Value>>;

/** Key that marks an object as a special value. @see pulumi `sdk/go/common/resource/sig` */
const SIGNATURE = "4dabf18193072939515e22adb298388d";
const SECRET_SIGNATURE = "1b47061264138c4ac30d75fd1eb44270";

/** Stands for a value that is only known once something else has been made. */
export const UNKNOWN = "04da6b54-80e4-46f7-96ec-b56ff0331ba9";

export function isObject(value: Value | undefined): value is Properties {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

export function isSecret(value: Value | undefined): value is { value: Value } {
  return isObject(value) && value[SIGNATURE] === SECRET_SIGNATURE;
}

/** The value, to be kept encrypted in the state. */
export function secret(value: Value): Value {
  return isSecret(value) ? value : { [SIGNATURE]: SECRET_SIGNATURE, value };
}

/** The value with every mark of secrecy in it taken off. */
export function reveal(value: Value): Value {
  if (isSecret(value)) {
    return reveal(value.value);
  }
  if (Array.isArray(value)) {
    return (value as readonly Value[]).map(reveal);
  }
  return isObject(value)
    ? Object.fromEntries(Object.entries(value).map(([key, part]) => [key, reveal(part)]))
    : value;
}

/** Whether the value or a part of it is not known yet. */
export function holdsUnknown(value: Value | undefined): boolean {
  if (isObject(value) || Array.isArray(value)) {
    return Object.values(value as Properties).some(holdsUnknown);
  }
  return value === UNKNOWN;
}

/** Whether the value or a part of it is an asset, an archive or a reference to a resource. */
export function holdsSpecial(value: Value | undefined): boolean {
  if (isSecret(value)) {
    return holdsSpecial(value.value);
  }
  if (isObject(value) || Array.isArray(value)) {
    return (
      (isObject(value) && SIGNATURE in value) ||
      Object.values(value as Properties).some(holdsSpecial)
    );
  }
  return false;
}

/** Whether two values are the same, in secrecy too. */
export function equal(a: Value | undefined, b: Value | undefined): boolean {
  if (Array.isArray(a) && Array.isArray(b)) {
    return a.length === b.length && a.every((part: Value, at) => equal(part, b[at] as Value));
  }
  if (isObject(a) && isObject(b)) {
    const keys = new Set([...Object.keys(a), ...Object.keys(b)]);
    return [...keys].every((key) => equal(a[key], b[key]));
  }
  return (a ?? null) === (b ?? null);
}
