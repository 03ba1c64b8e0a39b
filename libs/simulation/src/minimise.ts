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
  const { seed } = failed;
  const broken = failed.violations[0]?.checker;
  const spared = new Set<string>();
  let needed = [...failed.strikes];
  let tries = 0;
  const failsWithout = async (left: readonly string[]): Promise<SeedResult | undefined> => {
    tries += 1;
    const options = { seams, spared: new Set([...spared, ...left]) };
    const result = await runSeed(seed, options);
    return result.violations.some(({ checker }) => checker === broken) ? result : undefined;
  };
  for (
    let size = Math.ceil(needed.length / 2);
    size >= 1;
    size = size === 1 ? 0 : Math.ceil(size / 2)
  ) {
    for (let from = 0; from < needed.length && tries < TRIES_MAX;) {
      const left = needed.slice(from, from + size);
      const result = await failsWithout(left);
      if (result === undefined) from += size;
      else {
        for (const name of left) spared.add(name);
        // Another course of events may bring other strikes.
        needed = result.strikes.filter((name) => !spared.has(name));
      }
    }
  }
  const result = await runSeed(seed, { seams, spared, keepsStory: true });
  return { strikes: result.strikes, result };
}
