import { seedOf } from "../../ops/stored-seed";
import { stackSeed } from "../../stacks/seed";
import { EngineStack, FIRST_RUN_MS, newFolder } from "./engine-stack";

const SEED = "Given0123456789abcdefghijklmnopqrstuvwxyzABCDEF";
const OTHER = SEED.replace("Given", "Other");

describe("a stack's seed under the real engine", () => {
  const settings: { given?: string | undefined } = {};
  const stacks: EngineStack[] = [];

  async function open(): Promise<EngineStack> {
    const stack = await EngineStack.open(newFolder(), () => ({ seed: stackSeed(settings.given) }));
    stacks.push(stack);
    return stack;
  }

  afterAll(() => {
    for (const stack of stacks) {
      stack.remove();
    }
  });

  test(
    "that was given is kept in the state, encrypted, and needs no giving again",
    async () => {
      const stack = await open();
      settings.given = SEED;
      await stack.preview();
      await stack.up();
      expect(await stack.outputs()).toEqual({ seed: SEED });
      settings.given = undefined;
      expect(await stack.up()).toEqual({ same: 2 });
      expect(await stack.outputs()).toEqual({ seed: SEED });
      expect(seedOf(await stack.state())).toBe(SEED);
      expect(stack.stateText()).not.toContain(SEED);
    },
    FIRST_RUN_MS,
  );

  test("that was made stays, and another that is given changes nothing, with a warning", async () => {
    const stack = await open();
    settings.given = undefined;
    await stack.up();
    const { seed } = await stack.outputs();
    expect(seedOf(await stack.state())).toBe(seed);
    settings.given = OTHER;
    expect(await stack.preview()).toContain(
      "swarmstead:seed: must be the seed that the stack has, got another, which is not used",
    );
    expect(await stack.up()).toEqual({ same: 2 });
    expect(await stack.outputs()).toEqual({ seed });
  });
});
