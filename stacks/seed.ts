import * as pulumi from "@pulumi/pulumi";
import * as random from "@pulumi/random";

/** Stands in the state for a seed that was not given. */
const NONE = "";

/** What is wrong with a seed that was given, as "rule; cure"; never holds any of it. */
export function seedFault(seed: string): string | undefined {
  if (/^[A-Za-z0-9]{43,1024}$/.test(seed)) {
    return undefined;
  }
  const kind = /^[A-Za-z0-9]*$/.test(seed) ? "" : ", not all of them letters and digits";
  return `must be 43 to 1024 letters and digits, got ${String(seed.length)} characters${kind}; take it whole from ./swarmstead recovery-key`;
}

/**
 * The one secret of a stack, from which SSH keys and the apps' secrets follow: made at the first `up`, or given.
 *
 * Either way it is kept in the state, encrypted, and never changes there: every machine and every secret hangs on it. A
 * given one is kept in a place that changes are ignored of, so whoever shares the state needs nothing else.
 *
 * @param given the seed of a stack whose machines are there already, or of one's own making; one that differs from the
 *   state's is not used, and a warning says so
 */
export function stackSeed(given: string | undefined): pulumi.Output<string> {
  const made = new random.RandomPassword(
    "seed",
    {
      length: 64,
      special: false,
      // The map as a whole is secret: of a secret inside a secret the SDK takes off only the outer mark.
      // Never left out: where the state has none, the SDK would take the program's for it.
      keepers: pulumi.secret({ given: given ?? NONE }),
    },
    { ignoreChanges: ["keepers"], additionalSecretOutputs: ["keepers"] },
  );
  const seed = pulumi.all([made.result, made.keepers]).apply(([result, keepers]) => {
    const kept = keepers?.given || result;
    if (given !== undefined && given !== kept) {
      void pulumi.log.warn(
        "swarmstead:seed: must be the seed that the stack has, got another, which is not used; take it out of the settings",
      );
    }
    return kept;
  });
  return pulumi.secret(seed);
}
