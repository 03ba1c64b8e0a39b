import { expect, test } from 'vitest';
import { visibleRows } from './use-virtual-rows.ts';

test('draws what is seen and a margin, never more than there is', () => {
  expect(visibleRows({ top: 0, height: 200 }, 100_000, 20)).toEqual({ first: 0, end: 23 });
  expect(visibleRows({ top: 40_000, height: 200 }, 100_000, 20)).toEqual({
    first: 1_988,
    end: 2_023,
  });
  expect(visibleRows({ top: 1_999_900, height: 200 }, 100_000, 20).end).toBe(100_000);
});

test('draws nothing beyond a list that has become shorter', () => {
  expect(visibleRows({ top: 4_000, height: 200 }, 3, 20)).toEqual({ first: 0, end: 3 });
});
