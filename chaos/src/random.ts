/** Which victim, how long: drawn from a seed, so that a round can be asked for again. Real timing is never the same. */
export type Random = { below(count: number): number; pick<Item>(items: readonly Item[]): Item };

export function seededRandom(seed: number): Random {
  let state = seed >>> 0;
  // Mulberry32: one 32-bit word of state, uniform enough to choose victims.
  const next = () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
  const below = (count: number) => Math.floor(next() * count);
  return { below, pick: (items) => items[below(items.length)]! };
}
