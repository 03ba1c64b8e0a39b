import { expect, test } from 'vitest';
import { look, parseVisits } from './last-visit.ts';

const HOUR_MS = 3_600_000;

test('looks that follow each other are one visit, and the one before stays', () => {
  const first = look(undefined, HOUR_MS);
  expect(first).toEqual({ atMs: HOUR_MS, beforeMs: 0 });
  const later = look(first, 9 * HOUR_MS);
  expect(later).toEqual({ atMs: 9 * HOUR_MS, beforeMs: HOUR_MS });
  const again = look(later, 9 * HOUR_MS + 60_000);
  expect(again).toEqual({ atMs: 9 * HOUR_MS + 60_000, beforeMs: HOUR_MS });
});

test('reads what it has written, and nothing else', () => {
  expect(parseVisits('12 3')).toEqual({ atMs: 12, beforeMs: 3 });
  for (const text of [null, '', '12', 'a b', '-1 2', '{}']) {
    expect(parseVisits(text)).toBeUndefined();
  }
});
