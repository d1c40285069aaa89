/** One look of `holder-samples.py`. */
export interface HolderLook {
  /** Seconds by the machine's own clock, which nobody sets, and which stands still while the machine does. */
  local: number;
  /** When the line came, in seconds since 1970 by this computer's clock. */
  arrived: number;
  /** Whether the machine held the address. */
  holds: boolean;
  /** Whether it reached the gateway. */
  reaches: boolean;
}

/** The same, on the clock of this computer. */
export interface HolderSample {
  at: number;
  holds: boolean;
  reaches: boolean;
}

/** Looks that are further apart than this say nothing of the time between them. */
const CONNECTED_SECONDS = 2;
/** What a look says beyond its own moment, where the next is not connected to it. */
const ALONE_SECONDS = 0.1;

/** A line of `holder-samples.py`. */
export function parseLook(line: string, arrived: number): HolderLook {
  const [local, holds, reaches] = line.split(" ");
  return { local: Number(local), arrived, holds: holds === "1", reaches: reaches === "1" };
}

/**
 * When a machine's looks were made, by the clock of this computer. Of one connection, in their order.
 *
 * A line cannot come before it was made, and most come soon after. So the two clocks are as far apart as they are for the
 * quickest line from here on: one that waited while a cable was out is set right by those after it, and where the
 * machine stood still, so that its clock lags from then on, those before it count no more.
 */
export function timeLooks(looks: readonly HolderLook[]): HolderSample[] {
  let apart = Number.POSITIVE_INFINITY;
  const backwards = [...looks].reverse().map(({ local, arrived, holds, reaches }) => {
    apart = Math.min(apart, arrived - local);
    return { at: local + apart, holds, reaches };
  });
  return backwards.reverse();
}

/** A stretch of time, in seconds since 1970. */
export interface Stretch {
  from: number;
  to: number;
}

/** When a machine was in a state, from its samples in order of time. */
export function stretchesOf(
  samples: readonly HolderSample[],
  isIn: (sample: HolderSample) => boolean,
): Stretch[] {
  const stretches: Stretch[] = [];
  for (const [index, sample] of samples.entries()) {
    const next = samples[index + 1];
    const isConnected = next !== undefined && next.at - sample.at <= CONNECTED_SECONDS;
    const to = isConnected ? next.at : sample.at + ALONE_SECONDS;
    const last = stretches.at(-1);
    if (isIn(sample) && last?.to === sample.at) {
      last.to = to;
    } else if (isIn(sample)) {
      stretches.push({ from: sample.at, to });
    }
  }
  return stretches;
}

/**
 * The stretches within a time in which so many of the machines were in a state, as the count says.
 *
 * @param machines of each machine the stretches in which it was
 */
export function countedStretches(
  machines: readonly (readonly Stretch[])[],
  within: Stretch,
  isCount: (count: number) => boolean,
): Stretch[] {
  const all = machines.flat();
  const inside = all.flatMap(({ from, to }) => [from, to]);
  const edges = [
    within.from,
    ...inside.filter((edge) => edge > within.from && edge < within.to),
    within.to,
  ].sort((one, other) => one - other);
  const found: Stretch[] = [];
  for (const [index, from] of edges.entries()) {
    const to = edges[index + 1];
    if (to === undefined || to === from) {
      continue;
    }
    const middle = (from + to) / 2;
    const count = all.filter((each) => each.from <= middle && middle < each.to).length;
    const last = found.at(-1);
    if (isCount(count) && last?.to === from) {
      last.to = to;
    } else if (isCount(count)) {
      found.push({ from, to });
    }
  }
  return found;
}
