import { expect, test } from 'vitest';
import { differenceOf } from './server-clock.ts';

const DATE = 'Fri, 27 Nov 2026 10:00:00 GMT';
const THERE_MS = Date.parse(DATE);
const HOUR_MS = 3_600_000;

test('knows a clock that is wrong, and takes no notice of what an answer may take', () => {
  expect(differenceOf(DATE, THERE_MS + 900, 0)).toBe(0);
  expect(differenceOf(DATE, THERE_MS + HOUR_MS, 0)).toBe(500 - HOUR_MS);
  expect(differenceOf(DATE, THERE_MS - HOUR_MS, 0)).toBe(500 + HOUR_MS);
});

test('stays at what it knows from one answer to the next, and follows a clock that is set right', () => {
  const known = differenceOf(DATE, THERE_MS + HOUR_MS, 0);
  expect(differenceOf(DATE, THERE_MS + HOUR_MS + 1_400, known)).toBe(known);
  expect(differenceOf(DATE, THERE_MS, known)).toBe(0);
  expect(differenceOf(null, THERE_MS, known)).toBe(known);
});
