import { expect, test } from 'vitest';
import { priorityWithin, rankAt } from './lane.ts';

const MINUTE_MS = 60_000;

test('higher priorities go first, and lower ones age', () => {
  expect(rankAt(0, 9)).toBeLessThan(rankAt(0, 0));
  expect(rankAt(0, 0)).toBeLessThan(rankAt(10 * MINUTE_MS, 9));
});

test('a backfill goes behind fresh runs of any priority, and is never starved', () => {
  const backfill = priorityWithin({ trigger: 'backfill' }, 9);
  const fresh = priorityWithin({ trigger: 'schedule' }, 0);
  expect(rankAt(0, backfill)).toBeGreaterThan(rankAt(0, fresh));
  expect(rankAt(0, backfill)).toBeLessThan(rankAt(2 * MINUTE_MS, fresh));
});
