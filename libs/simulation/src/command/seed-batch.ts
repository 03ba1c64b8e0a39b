import { runSeed } from '../run-seed.ts';

export type SeedBatch = { readonly from: number; readonly count: number };

/** What a batch came to: only its failures are worth a message. */
export type BatchResult = { readonly seeds: number; readonly failed: readonly number[] };

// Worlds that share the turns of the event loop, which cost more than what happens in one of them.
const BESIDE = 8;
// Any 32-bit word is a seed.
const SEED_END = 2 ** 32;

export async function runBatch({ from, count }: SeedBatch): Promise<BatchResult> {
  const seeds = Array.from({ length: count }, (_, index) => (from + index) % SEED_END);
  const suspects: number[] = [];
  for (let first = 0; first < count; first += BESIDE) {
    const results = await Promise.all(
      seeds.slice(first, first + BESIDE).map((seed) => runSeed(seed)),
    );
    for (const { seed, violations } of results) if (violations.length > 0) suspects.push(seed);
  }
  return { seeds: count, failed: await confirm(suspects) };
}

/** An error that nobody caught is heard by all worlds of the moment; alone, only the world that had it fails. */
async function confirm(suspects: readonly number[]): Promise<number[]> {
  const failed: number[] = [];
  for (const seed of suspects) if ((await runSeed(seed)).violations.length > 0) failed.push(seed);
  return failed;
}
