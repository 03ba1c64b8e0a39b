import { expect, test } from 'vitest';
import { minimise, runSeed, type Seams, type SeedResult } from '../src/index.ts';
import { PLANTED_BUGS } from './planted-bugs.ts';

// Any bug that needs a fault to show, in a world that has many others.
const { seams } = PLANTED_BUGS.find(
  ({ name }) => name === 'a load does not ask whether it is done',
)!;
const STRIKES_MIN = 10;

async function firstFailure(bug: Seams): Promise<SeedResult> {
  for (let seed = 1; seed <= 1_000; seed += 1) {
    const result = await runSeed(seed, { seams: bug });
    if (result.violations.length > 0 && result.strikes.length >= STRIKES_MIN) return result;
  }
  return expect.unreachable('no seed fails');
}

test('a failure is made small: fewer faults, the same promise, and each of them needed', async () => {
  const failed = await firstFailure(seams);
  const { strikes, result } = await minimise(failed, seams);
  expect(strikes.length).toBeLessThan(failed.strikes.length);
  expect(result.violations[0]?.checker).toBe(failed.violations[0]?.checker);
  const spared = new Set(failed.strikes.filter((name) => !strikes.includes(name)));
  for (const name of strikes) {
    const without = await runSeed(failed.seed, { seams, spared: new Set([...spared, name]) });
    const stillFails = without.violations.some(
      ({ checker }) => checker === failed.violations[0]?.checker,
    );
    // Another course of events may bring strikes that were not there; without them it has to be whole.
    const brought = without.strikes.some((other) => !strikes.includes(other));
    expect(stillFails && !brought).toBe(false);
  }
});
