import { type TestContext, test } from "node:test";

/** Minutes after which what is not essential is left out; a campaign takes what it takes. */
const MINUTES = Number(process.env.SWARMSTEAD_LAB_MINUTES ?? 50);

/** Whether the long tests run, too: `./swarmstead test lab --campaign`, or `--storage KIND` for those of one kind. */
export const isCampaign =
  process.env.SWARMSTEAD_CAMPAIGN === "yes" || process.env.SWARMSTEAD_STORAGE !== undefined;

/** Whether time matters: what is asked for by name runs to its end. */
const isTimed = !isCampaign && process.env.SWARMSTEAD_ENTRY !== "yes";

/** Each file is a process of its own; the runner tells all of them when the first began. */
const started = Number(process.env.SWARMSTEAD_LAB_STARTED ?? Date.now());

/** What a test does; by the context it can leave itself out. */
type Body = (context: TestContext) => Promise<void>;

/**
 * A test that is left out, loudly, where the time of a plain `./swarmstead test lab` is used up.
 *
 * @param name as that of any test
 */
export function timed(name: string, body: Body): void {
  test(name, async (context) => {
    const minutes = (Date.now() - started) / 60_000;
    if (isTimed && minutes > MINUTES) {
      context.skip(
        `left out, since ${minutes.toFixed(0)} minutes are used; ./swarmstead test lab --campaign runs it`,
      );
      return;
    }
    await body(context);
  });
}

/** A test of the campaign alone, since it takes long. */
export function ofCampaign(name: string, body: Body): void {
  test(name, async (context) => {
    if (!isCampaign) {
      context.skip("left out, since it takes long; ./swarmstead test lab --campaign runs it");
      return;
    }
    await body(context);
  });
}
