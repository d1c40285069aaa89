import { readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { homedir } from "node:os";
import { join, resolve } from "node:path";
import type { Deployment } from "@pulumi/pulumi/automation";
import { parse } from "yaml";
import { Context } from "../../ops/context";
import { openAnew } from "../../ops/lost-state";
import { readSeed } from "../../ops/stored-seed";
import { FIRST_RUN_MS, newFolder } from "./engine-stack";

const SEED = "Given0123456789abcdefghijklmnopqrstuvwxyzABCDEF";
const RANDOM = "urn:pulumi:dev::swarmstead::pulumi:providers:random::default";
const PROVIDER_ID = "0ba7a7b0-26bb-4a1f-a56c-06df112b4389";

/** A state that holds nothing but a seed, as an `up` leaves it. */
function stateWith(seed: string, encryptionsalt: string): Deployment {
  const secret = {
    "4dabf18193072939515e22adb298388d": "1b47061264138c4ac30d75fd1eb44270",
    plaintext: JSON.stringify(seed),
  };
  const password = "random:index/randomPassword:RandomPassword";
  const resources = [
    { urn: RANDOM, custom: true, id: PROVIDER_ID, type: "pulumi:providers:random" },
    {
      urn: `urn:pulumi:dev::swarmstead::${password}::seed`,
      custom: true,
      id: "none",
      type: password,
      outputs: { result: secret },
      provider: `${RANDOM}::${PROVIDER_ID}`,
    },
  ];
  const secrets_providers = { type: "passphrase", state: { salt: encryptionsalt } };
  return { version: 3, deployment: { manifest: {}, secrets_providers, resources } };
}

function saltOf(workDir: string): string {
  const settings = readFileSync(join(workDir, "Pulumi.dev.yaml"), "utf8");
  return (parse(settings) as { encryptionsalt: string }).encryptionsalt;
}

describe("a stack whose state may be lost, under the real engine", () => {
  const folder = newFolder();
  // The checkout's environment dev, with files of its own.
  const context = Object.defineProperties(new Context("dev"), {
    state: { value: join(folder, "dev") },
    backend: { value: join(folder, "state") },
    cache: { value: join(process.env.XDG_CACHE_HOME ?? join(homedir(), ".cache"), "swarmstead") },
  });
  const { PATH = "", SWARMSTEAD_STATE } = process.env;
  const lost = (): string[] =>
    readdirSync(context.state).filter((name) => name.startsWith("lost-"));

  beforeAll(() => {
    process.env.PATH = `${resolve("tools/plugins/bin")}:${PATH}`;
  });

  afterAll(() => {
    process.env.PATH = PATH;
    if (SWARMSTEAD_STATE === undefined) {
      delete process.env.SWARMSTEAD_STATE;
    }
    rmSync(folder, { recursive: true });
  });

  test(
    "is made anew where there is none",
    async () => {
      const { stack, workDir } = await openAnew(context, { seed: SEED });
      expect(await readSeed(stack)).toBeUndefined();
      expect(lost()).toEqual([]);
      await stack.importStack(stateWith(SEED, saltOf(workDir)));
    },
    FIRST_RUN_MS,
  );

  test("is gone on with where the state has the same seed", async () => {
    const { stack } = await openAnew(context, { seed: SEED });
    expect(await readSeed(stack)).toBe(SEED);
    expect(lost()).toEqual([]);
  });

  test("is set aside where the passphrase is lost, and an empty one takes its place", async () => {
    const file = join(context.state, "passphrase");
    const passphrase = readFileSync(file, "utf8");
    writeFileSync(file, "forgotten\n");
    const { stack } = await openAnew(context, { seed: SEED });
    expect(await readSeed(stack)).toBeUndefined();
    const [kept = ""] = lost();
    const folderOf = join(context.state, kept);
    expect(readdirSync(folderOf)).toEqual(
      expect.arrayContaining(["Pulumi.dev.yaml", "dev.json", "passphrase"]),
    );
    expect(readFileSync(join(folderOf, "passphrase"), "utf8")).toBe("forgotten\n");
    expect([passphrase, "forgotten\n"]).not.toContain(readFileSync(file, "utf8"));
  });

  test("is set aside where an up has made one with another seed since", async () => {
    const { stack, workDir } = await openAnew(context, { seed: SEED });
    await stack.importStack(stateWith(`${SEED}x`, saltOf(workDir)));
    const opened = await openAnew(context, { seed: SEED });
    expect(await readSeed(opened.stack)).toBeUndefined();
    expect(lost()).toHaveLength(2);
  });
});
