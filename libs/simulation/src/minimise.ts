/**
 * Makes a failure small: leaves out as many of the faults that struck as it can, as long as the same promise is broken.
 *
 * Delta debugging on the names of strikes. Each try is a replay of the seed with some strikes spared, so the result is
 * as exact as the failure itself.
 */
import type { Seams } from './actors/seams.ts';
import { runSeed, type SeedResult } from './run-seed.ts';

// A world has some tens of strikes; each halving of them is a replay of milliseconds.
const TRIES_MAX = 400;

export type Minimal = {
  /** The strikes that are enough to fail. */
  readonly strikes: readonly string[];
  /** The replay with only them, with its story. */
  readonly result: SeedResult;
};

export async function minimise(failed: SeedResult, seams: Seams = {}): Promise<Minimal> {
  const search = new Search(failed, seams);
  for (let size = Math.ceil(failed.strikes.length / 2); size > 1; size = Math.ceil(size / 2))
    await search.leaveOut(size);
  // One that is needed beside others may not be without them: until each of those that are left is needed.
  while (await search.leaveOut(1));
  const { spared } = search;
  const result = await runSeed(failed.seed, { seams, spared, keepsStory: true });
  return { strikes: result.strikes, result };
}

class Search {
  readonly spared = new Set<string>();
  readonly #seed: number;
  readonly #seams: Seams;
  readonly #broken: string | undefined;
  #needed: readonly string[];
  #tries = 0;

  constructor({ seed, strikes, violations }: SeedResult, seams: Seams) {
    this.#seed = seed;
    this.#seams = seams;
    this.#broken = violations[0]?.checker;
    this.#needed = strikes;
  }

  /** Leaves out strikes, so many at a time, where it fails without them too. True when some were left out. */
  async leaveOut(size: number): Promise<boolean> {
    let hasLeft = false;
    for (let from = 0; from < this.#needed.length && this.#tries < TRIES_MAX;) {
      const left = this.#needed.slice(from, from + size);
      const result = await this.#failsWithout(left);
      if (result === undefined) from += size;
      else {
        hasLeft = true;
        for (const name of left) this.spared.add(name);
        // Another course of events may bring other strikes.
        this.#needed = result.strikes.filter((name) => !this.spared.has(name));
      }
    }
    return hasLeft;
  }

  async #failsWithout(left: readonly string[]): Promise<SeedResult | undefined> {
    this.#tries += 1;
    const spared = new Set([...this.spared, ...left]);
    const result = await runSeed(this.#seed, { seams: this.#seams, spared });
    return result.violations.some(({ checker }) => checker === this.#broken) ? result : undefined;
  }
}
