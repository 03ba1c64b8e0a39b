import { expect, test } from 'vitest';
import { runSeed } from '../src/index.ts';
import { FIXED_SEEDS, REGRESSION_SEEDS } from './regression-seeds.ts';

Error.stackTraceLimit = 0;

test.each(REGRESSION_SEEDS)('seed %i holds: %s', async (seed) => {
  expect((await runSeed(seed)).violations).toEqual([]);
});

test(`seeds ${FIXED_SEEDS.from} to ${FIXED_SEEDS.to} hold`, async () => {
  for (let seed = FIXED_SEEDS.from; seed <= FIXED_SEEDS.to; seed += 1) {
    const { violations } = await runSeed(seed);
    expect(violations, `seed ${seed}`).toEqual([]);
  }
}, 60_000);
