import { expect, test } from 'vitest';
import { runSeed } from '../src/index.ts';
import { PLANTED_BUGS } from './planted-bugs.ts';

// A bug that needs more worlds than this to show is one that the simulation does not catch.
const SEEDS_MAX = 2_000;
// Two thousand seeds on a machine that does other things too.
const WITHIN_MS = 120_000;

Error.stackTraceLimit = 0;

test.each(PLANTED_BUGS)(
  'it is seen that $name',
  async ({ seams, seenBy }) => {
    for (let seed = 1; seed <= SEEDS_MAX; seed += 1) {
      const { violations } = await runSeed(seed, { seams });
      const seen = violations.some(({ checker }) => seenBy === undefined || checker === seenBy);
      if (seen) return;
    }
    expect.unreachable(`no violation in ${SEEDS_MAX} seeds`);
  },
  WITHIN_MS,
);
