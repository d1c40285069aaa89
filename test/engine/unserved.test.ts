import * as random from "@pulumi/random";
import { localCommand } from "../../tools/plugins/command/local-command";
import { randomBytesKind } from "../../tools/plugins/random/random-bytes";
import { randomPassword } from "../../tools/plugins/random/random-password";
import { UNKNOWN } from "../../tools/plugins/wire-values";
import { EngineStack, FIRST_RUN_MS, newFolder } from "./engine-stack";

test(
  "a type that the stand-ins do not serve fails by its name",
  async () => {
    const stack = await EngineStack.open(newFolder(), () => {
      new random.RandomPet("pet");
      return undefined;
    });
    try {
      const said = await stack.failingUp();
      expect(said).toContain(
        "random:index/randomPet:RandomPet: the stand-in for random serves only random:index/randomBytes:RandomBytes",
      );
    } finally {
      stack.remove();
    }
  },
  FIRST_RUN_MS,
);

describe("checks of inputs", () => {
  test.each([
    [{ create: "true", dir: 3 }, "dir: must be a string"],
    [
      { create: "true", logging: "all" },
      "logging: must be one of stdout, stderr, stdoutAndStderr, none",
    ],
    [{ create: "true", interpreter: ["sh", 1] }, "interpreter: must be a list of strings"],
    [{ assetPaths: ["*"] }, "assetPaths: is not served by the stand-in; use the real plugin"],
    [{ toString: "x" }, "toString: is not served by the stand-in; use the real plugin"],
    [
      {
        triggers: [
          { "4dabf18193072939515e22adb298388d": "c44067f5952c0a294b673a41bacd8c17", text: "x" },
        ],
      },
      "triggers: must not hold an asset, an archive or a resource; use the real plugin",
    ],
  ])("local.Command %j", (inputs, fault) => {
    const { faults } = localCommand.check(inputs, {});
    expect(faults.map(({ property, reason }) => `${property}: ${reason}`)).toEqual([fault]);
  });

  test("pass what is not known yet", () => {
    const inputs = {
      create: UNKNOWN,
      environment: { A: UNKNOWN },
      triggers: UNKNOWN,
      stdin: UNKNOWN,
    };
    expect(localCommand.check(inputs, {}).faults).toEqual([]);
    expect(randomPassword.check({ length: UNKNOWN }, {}).faults).toEqual([]);
  });

  test.each([
    [{}, "must be at least 1, got undefined"],
    [{ length: 3, minLower: 2, minUpper: 2 }, "must be at least 4, got 3"],
    [{ length: 1.5 }, "must be a whole number"],
  ])("RandomPassword %j", (inputs, reason) => {
    expect(randomPassword.check(inputs, {}).faults).toEqual([{ property: "length", reason }]);
  });

  test("RandomBytes without a byte", () => {
    expect(randomBytesKind.check({ length: 0 }, {}).faults).toEqual([
      { property: "length", reason: "must be at least 1, got 0" },
    ]);
  });
});

test("a password has what it was asked to have", async () => {
  const operation = {
    name: "p",
    preview: false,
    signal: new AbortController().signal,
    status: () => undefined,
  };
  const inputs = { length: 12, upper: false, minNumeric: 4, minSpecial: 2, overrideSpecial: "_-" };
  const { id, outputs } = await randomPassword.create(inputs, operation);
  const { value } = outputs.result as unknown as { value: string };
  expect(id).toBe("none");
  expect(value).toMatch(/^[a-z0-9_-]{12}$/);
  expect(value.replace(/[^0-9]/g, "").length).toBeGreaterThanOrEqual(4);
  expect(value.replace(/[^_-]/g, "").length).toBeGreaterThanOrEqual(2);
});
