import { countedStretches, type HolderSample, type Stretch, stretchesOf } from "./holder-times";

/** Who held the address over a time; each the longest stretch, in seconds, 0 for none. */
export interface HolderFigures {
  /** No machine that can be heard held it. */
  none: number;
  /** Two or more held it. */
  several: number;
  /** Two or more held it, and reached the gateway. */
  severalReaching: number;
  /** How long the looks of a machine were away: what happened then is not known, and counts as not holding it. */
  unseen: number;
}

function longest(stretches: readonly Stretch[]): number {
  return Math.max(0, ...stretches.map(({ from, to }) => to - from));
}

/**
 * Who held the address within a time. Moments are as exact as the looks, a tenth of a second, and their way here.
 *
 * @param machines each machine's samples, in order of time
 */
export function holderFigures(
  machines: readonly (readonly HolderSample[])[],
  within: Stretch,
): HolderFigures {
  const holding = machines.map((samples) => stretchesOf(samples, ({ holds }) => holds));
  const reaching = machines.map((samples) =>
    stretchesOf(samples, ({ holds, reaches }) => holds && reaches),
  );
  const unseen = machines.flatMap((samples) =>
    countedStretches([stretchesOf(samples, () => true)], within, (count) => count === 0),
  );
  return {
    none: longest(countedStretches(holding, within, (count) => count === 0)),
    several: longest(countedStretches(holding, within, (count) => count > 1)),
    severalReaching: longest(countedStretches(reaching, within, (count) => count > 1)),
    unseen: longest(unseen),
  };
}

/**
 * How long after a moment a machine went on holding the address, in seconds; `undefined` where it had not given it up
 * by its last sample, and 0 where it did not hold it.
 */
export function heldFor(samples: readonly HolderSample[], moment: number): number | undefined {
  const after = samples.filter(({ at }) => at >= moment);
  const gone = after.find(({ holds }) => !holds);
  return gone ? (gone === after[0] ? 0 : gone.at - moment) : undefined;
}
