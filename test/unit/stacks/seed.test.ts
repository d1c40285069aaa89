import * as pulumi from "@pulumi/pulumi";
import { createCluster } from "../../../stacks/cluster";
import { ConfigError, loadSeed, parseClusterConfig } from "../../../stacks/config";
import { seedFault } from "../../../stacks/seed";
import { deploy, isSecret, reveal } from "../../support/deploy";
import { threeManagers } from "../../support/plan";

const SEED = "Given0123456789abcdefghijklmnopqrstuvwxyzABCDEF";

describe("a seed that is given", () => {
  test("is letters and digits, 43 at least", () => {
    expect(seedFault("a".repeat(43))).toBeUndefined();
    expect(seedFault("a".repeat(42))).toBe(
      "must be 43 to 1024 letters and digits, got 42 characters; take it whole from ./swarmstead recovery-key",
    );
  });

  test("is not shown by its fault", () => {
    const fault = seedFault(`${SEED}!`) ?? "";
    expect(fault).toContain("got 48 characters, not all of them letters and digits;");
    expect(fault).not.toContain("Given");
  });

  test("goes to the state as a secret, and the keys follow from it", async () => {
    const config = parseClusterConfig(threeManagers(), "test");
    const plan = (seed?: string) =>
      deploy(() => {
        createCluster(config, { seed });
      });
    const registered = await plan(SEED);
    const inputs = registered.find(({ name }) => name === "seed")?.inputs ?? {};
    expect(isSecret(inputs.keepers)).toBe(true);
    expect(reveal(inputs.keepers)).toEqual({ given: SEED });
    const keyOf = (all: typeof registered): unknown =>
      (reveal(all.find(({ name }) => name === "node1-base")?.inputs.connection) as object)[
        "hostKey" as never
      ];
    expect(keyOf(registered)).not.toEqual(keyOf(await plan()));
    expect(keyOf(registered)).toEqual(keyOf(await plan(SEED)));
  });
});

describe("loadSeed", () => {
  function load(settings: Record<string, string>): string | undefined {
    pulumi.runtime.setAllConfig(settings);
    try {
      return loadSeed();
    } finally {
      pulumi.runtime.setAllConfig({});
    }
  }

  test("gives what the settings have, and nothing where they have none", () => {
    expect(load({ "swarmstead:seed": SEED })).toBe(SEED);
    expect(load({})).toBeUndefined();
  });

  test("fails with a short one, naming the key and not the text", () => {
    expect(() => load({ "swarmstead:seed": "short" })).toThrow(ConfigError);
    expect(() => load({ "swarmstead:seed": "short" })).toThrow(
      /^Pulumi\..*\.yaml: swarmstead:seed: must be 43 to 1024 letters and digits, got 5 characters; take/,
    );
  });
});
