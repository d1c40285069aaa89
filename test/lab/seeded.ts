/** The seed of this run's draws; `SWARMSTEAD_SEED` repeats an earlier run's. */
export const SEED = Number(process.env.SWARMSTEAD_SEED ?? Date.now() % 2 ** 32);

/**
 * Random numbers from 0 to 1 that follow from a seed (mulberry32).
 *
 * @param seed a whole number, of which 32 bits count
 */
export function randomFrom(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}

/** The items in a drawn order (Fisher–Yates). */
export function shuffled<Item>(random: () => number, items: readonly Item[]): Item[] {
  const left = [...items];
  const drawn: Item[] = [];
  while (left.length > 0) {
    drawn.push(...left.splice(Math.floor(random() * left.length), 1));
  }
  return drawn;
}
