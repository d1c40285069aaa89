import type { Fault } from "./resource-kind";
import {
  holdsSpecial,
  isObject,
  isSecret,
  type Properties,
  reveal,
  secret,
  UNKNOWN,
  type Value,
} from "./wire-values";

/** What an input has to be, in the user's words. */
const RULES = {
  "a string": (value: Value) => typeof value === "string",
  "a boolean": (value: Value) => typeof value === "boolean",
  "a whole number": (value: Value) => Number.isInteger(value),
  "a list": (value: Value) => Array.isArray(value),
  "a list of strings": (value: Value) =>
    Array.isArray(value) && value.every((part: Value) => typeof part === "string"),
  "a map of strings": (value: Value) =>
    isObject(value) && Object.values(value).every((part) => typeof part === "string"),
  "one of stdout, stderr, stdoutAndStderr, none": (value: Value) =>
    ["stdout", "stderr", "stdoutAndStderr", "none"].includes(value as string),
} as const;

/** A rule for each input that is served. */
export type InputRules = Readonly<Record<string, keyof typeof RULES>>;

/** Every input that is not served, or not what it has to be. Values that are not known yet pass. */
export function findFaults(inputs: Properties, rules: InputRules, path = ""): Fault[] {
  return Object.entries(inputs).flatMap(([name, value]): Fault[] => {
    const property = path === "" ? name : `${path}.${name}`;
    if (name.startsWith("__") || value === null) {
      return [];
    }
    const rule = Object.hasOwn(rules, name) ? rules[name] : undefined;
    if (!rule) {
      return [{ property, reason: "is not served by the stand-in; use the real plugin" }];
    }
    if (holdsSpecial(value)) {
      return [
        {
          property,
          reason: "must not hold an asset, an archive or a resource; use the real plugin",
        },
      ];
    }
    return acceptable(value, rule) ? [] : [{ property, reason: `must be ${rule}` }];
  });
}

function acceptable(value: Value, rule: keyof typeof RULES): boolean {
  const plain = reveal(value);
  if (plain === UNKNOWN) {
    return true;
  }
  // A part that is not known yet is a string, which is wrong only where a list holds something else.
  return RULES[rule](plain);
}

/** The inputs without those that are `null`, which stands for "not given". */
export function given(inputs: Properties): Properties {
  return Object.fromEntries(Object.entries(inputs).filter(([, value]) => value !== null));
}

/** The same value with `change` applied inside its marks of secrecy. */
export function within(value: Value, change: (plain: Value) => Value): Value {
  return isSecret(value) ? secret(within(value.value, change)) : change(value);
}
