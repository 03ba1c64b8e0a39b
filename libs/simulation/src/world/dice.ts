/** Randomness from a seed. Each purpose has its own dice, so that one more throw for one moves nothing of another. */
export class Dice {
  #state: number;

  constructor(state: number) {
    this.#state = state >>> 0;
  }

  /** Uniform in [0, 1). Mulberry32: one word of state, good enough to choose what goes wrong. */
  next(): number {
    this.#state = (this.#state + 0x6d2b79f5) >>> 0;
    const state = this.#state;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  }

  /** A whole number, both ends included. */
  int(from: number, to: number): number {
    return from + Math.floor(this.next() * (to - from + 1));
  }

  chance(share: number): boolean {
    return share > 0 && this.next() < share;
  }

  pick<Item>(items: readonly Item[]): Item {
    return items[Math.floor(this.next() * items.length)]!;
  }
}

/** Dice for one purpose: the same seed and name always throw the same. */
export function diceFor(seed: number, purpose: string): Dice {
  return new Dice(hashText(purpose, seed));
}

/** FNV-1a over the characters, begun with a number. */
export function hashText(text: string, start: number): number {
  let hash = (0x811c9dc5 ^ start) >>> 0;
  for (let index = 0; index < text.length; index += 1) {
    hash = Math.imul(hash ^ text.charCodeAt(index), 0x01000193);
  }
  // The last characters reach all bits.
  hash = Math.imul(hash ^ (hash >>> 16), 0x7feb352d);
  return (hash ^ (hash >>> 15)) >>> 0;
}
