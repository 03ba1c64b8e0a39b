import { expect, test } from 'vitest';
import { formatAge, formatBytes, formatCount, formatDuration, formatRate } from './amounts.ts';

test('groups the digits of a count, also beyond 2^53', () => {
  expect(formatCount(3_000_000)).toBe('3,000,000');
  expect(formatCount('9223372036854775807')).toBe('9,223,372,036,854,775,807');
});

test.each([
  [0, '0 B'],
  [1023, '1023 B'],
  [1024, '1.0 KiB'],
  ['47185920', '45.0 MiB'],
  [500 * 1024 ** 3, '500 GiB'],
])('writes %s bytes as %s', (bytes, text) => {
  expect(formatBytes(bytes)).toBe(text);
});

test.each([
  [-3, '0 ms'],
  [850, '850 ms'],
  [3_249, '3.2 s'],
  [125_000, '2 m 05 s'],
  [3_720_000, '1 h 02 m'],
])('writes %d ms as %s', (ms, text) => {
  expect(formatDuration(ms)).toBe(text);
});

test('shortens rates', () => {
  expect([999, 1_250, 1_200_000].map(formatRate)).toEqual(['999/s', '1.3 k/s', '1.2 M/s']);
});

test('says how long ago something was', () => {
  const now = Date.parse('2026-01-02T00:00:00Z');
  expect(formatAge('2026-01-01T23:55:00Z', now)).toBe('5 min ago');
  expect(formatAge('2026-01-01T00:00:00Z', now)).toBe('1 d ago');
  expect(formatAge(undefined, now)).toBe('');
});
