import { describe, expect, test } from 'vitest';
import { formatBytes, formatCompact, formatCount, formatRows } from './quantity.ts';

describe('formatCount', () => {
  test('groups thousands', () => {
    expect(formatCount('3000000')).toBe('3,000,000');
  });

  test('keeps every digit of numbers that JavaScript cannot hold', () => {
    expect(formatCount('9007199254740993')).toBe('9,007,199,254,740,993');
  });
});

test('formatCompact keeps one digit behind the point', () => {
  expect(['0', '999', '12400', '3000000'].map(formatCompact)).toEqual(['0', '999', '12.4K', '3M']);
});

test('formatRows speaks of one row in the singular', () => {
  expect(['0', '1', '2000'].map(formatRows)).toEqual(['0 rows', '1 row', '2,000 rows']);
});

describe('formatBytes', () => {
  test.each([
    ['0', '0 B'],
    ['999', '999 B'],
    ['1200', '1.2 KiB'],
    ['48100000', '45.9 MiB'],
    ['312000000', '298 MiB'],
    ['2500000000', '2.3 GiB'],
  ])('writes %s bytes as %s', (bytes, text) => {
    expect(formatBytes(bytes)).toBe(text);
  });
});
