import { runSeed } from '../run-seed.ts';

export type SeedBatch = { readonly from: number; readonly count: number };

/** What a batch came to: only its failures are worth a message. */
export type BatchResult = { readonly seeds: number; readonly failed: readonly number[] };

// Any 32-bit word is a seed.
const SEED_END = 2 ** 32;

/** One world after the other: what belongs to one is then near by, and gone before the next. */
export async function runBatch({ from, count }: SeedBatch): Promise<BatchResult> {
  const failed: number[] = [];
  for (let index = 0; index < count; index += 1) {
    const seed = (from + index) % SEED_END;
    const { violations } = await runSeed(seed);
    if (violations.length > 0) failed.push(seed);
  }
  return { seeds: count, failed };
}
