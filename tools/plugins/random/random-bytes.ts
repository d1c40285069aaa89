import { randomBytes } from "node:crypto";
import { findFaults, given } from "../input-rules";
import type { Fault, ResourceKind } from "../resource-kind";
import { type Properties, reveal, secret, UNKNOWN } from "../wire-values";

function faultsOf(inputs: Properties): Fault[] {
  const faults = findFaults(inputs, { length: "a whole number", keepers: "a map of strings" });
  const length = reveal(inputs.length ?? 0);
  if (faults.length === 0 && length !== UNKNOWN && Number(length) < 1) {
    return [{ property: "length", reason: `must be at least 1, got ${JSON.stringify(length)}` }];
  }
  return faults;
}

/** `random:index/randomBytes:RandomBytes` */
export const randomBytesKind: ResourceKind = {
  check: (inputs) => {
    const present = given(inputs);
    return { inputs: present, faults: faultsOf(present) };
  },
  replaces: () => true,
  create(inputs, { preview }) {
    // The real plugin's id is the bytes themselves, in the open; an id is never secret in a state.
    const id = "none";
    if (preview) {
      return Promise.resolve({
        id,
        outputs: { ...inputs, base64: secret(UNKNOWN), hex: secret(UNKNOWN) },
      });
    }
    const bytes = randomBytes(Number(reveal(inputs.length ?? 0)));
    return Promise.resolve({
      id,
      outputs: {
        ...inputs,
        base64: secret(bytes.toString("base64")),
        hex: secret(bytes.toString("hex")),
      },
    });
  },
  delete: () => Promise.resolve(),
};
