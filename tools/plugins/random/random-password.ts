import { hash } from "bcryptjs";
import { findFaults, given, type InputRules } from "../input-rules";
import type { Fault, ResourceKind } from "../resource-kind";
import { holdsUnknown, type Properties, reveal, secret, UNKNOWN } from "../wire-values";
import { type PasswordSpec, passwordText } from "./password-text";

const RULES: InputRules = {
  keepers: "a map of strings",
  length: "a whole number",
  lower: "a boolean",
  upper: "a boolean",
  numeric: "a boolean",
  special: "a boolean",
  minLower: "a whole number",
  minUpper: "a whole number",
  minNumeric: "a whole number",
  minSpecial: "a whole number",
  overrideSpecial: "a string",
};

const DEFAULTS = {
  lower: true,
  upper: true,
  numeric: true,
  special: true,
  minLower: 0,
  minUpper: 0,
  minNumeric: 0,
  minSpecial: 0,
};

/** What the real plugin keeps in the state to know which of its versions wrote it. */
const META = JSON.stringify({ schema_version: "3" });

/** bcrypt reads no more than this of a password. */
const BCRYPT_BYTES = 72;
const BCRYPT_COST = 10;

function specOf(inputs: Properties): PasswordSpec {
  return { ...DEFAULTS, ...(reveal(inputs) as Properties) } as unknown as PasswordSpec;
}

function faultsOf(inputs: Properties): Fault[] {
  const faults = findFaults(inputs, RULES);
  if (faults.length > 0 || holdsUnknown(inputs)) {
    return faults;
  }
  const { length, minLower, minUpper, minNumeric, minSpecial, ...spec } = specOf(inputs);
  const least = Math.max(1, minLower + minUpper + minNumeric + minSpecial);
  if (!(length >= least)) {
    const reason = `must be at least ${String(least)}, got ${String(length)}`;
    return [{ property: "length", reason }];
  }
  const some = spec.lower || spec.upper || spec.numeric || spec.special;
  return some
    ? []
    : [{ property: "special", reason: "no class of characters is left to draw from" }];
}

/** `random:index/randomPassword:RandomPassword`, without the deprecated `number` as an input. */
export const randomPassword: ResourceKind = {
  check: (inputs) => {
    const present = given(inputs);
    return { inputs: present, faults: faultsOf(present) };
  },
  replaces: () => true,
  async create(inputs, { preview }) {
    const spec = specOf(inputs);
    const outputs = { ...DEFAULTS, number: spec.numeric, ...inputs, id: "none", __meta: META };
    if (preview) {
      return {
        id: "none",
        outputs: { ...outputs, result: secret(UNKNOWN), bcryptHash: secret(UNKNOWN) },
      };
    }
    const result = passwordText(spec);
    const head = Buffer.from(result).subarray(0, BCRYPT_BYTES).toString();
    const bcryptHash = await hash(head, BCRYPT_COST);
    return {
      id: "none",
      outputs: { ...outputs, result: secret(result), bcryptHash: secret(bcryptHash) },
    };
  },
  delete: () => Promise.resolve(),
};
