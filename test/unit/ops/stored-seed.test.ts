import type { Deployment } from "@pulumi/pulumi/automation";
import { seedOf } from "../../../ops/stored-seed";

const URN = "urn:pulumi:dev::swarmstead::random:index/randomPassword:RandomPassword";

/** A secret as `stack export --show-secrets` prints it. */
function shown(value: unknown): unknown {
  return {
    "4dabf18193072939515e22adb298388d": "1b47061264138c4ac30d75fd1eb44270",
    plaintext: JSON.stringify(value),
  };
}

function state(...resources: unknown[]): Deployment {
  return { version: 3, deployment: { resources } };
}

describe("the seed that a state holds", () => {
  const epoch = { urn: `${URN}::epoch`, outputs: { result: shown("other") } };

  test("is the one that was made", () => {
    const seed = {
      urn: `${URN}::seed`,
      outputs: { result: shown("made"), keepers: shown({ given: "" }) },
    };
    expect(seedOf(state(epoch, seed))).toBe("made");
  });

  test("is the one that was given, where one was", () => {
    const outputs = { result: shown("made"), keepers: shown({ given: shown("given") }) };
    expect(seedOf(state({ urn: `${URN}::seed`, outputs }, epoch))).toBe("given");
  });

  test("is the one that was made before seeds could be given", () => {
    const seed = { urn: `${URN}::seed`, outputs: { length: 64, result: shown("made") } };
    expect(seedOf(state(seed))).toBe("made");
  });

  test("is none where it was not made yet", () => {
    expect(seedOf(state(epoch))).toBeUndefined();
    expect(seedOf({ version: 3, deployment: {} })).toBeUndefined();
    expect(seedOf({ version: 3, deployment: null })).toBeUndefined();
  });
});
