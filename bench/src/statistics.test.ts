import { expect, test } from 'vitest';
import { median, percentile, rounded, spreadOf } from './statistics.ts';

test('a percentile is the value of the nearest rank', () => {
  const hundred = Array.from({ length: 100 }, (_, index) => 100 - index);
  expect(percentile(hundred, 50)).toBe(50);
  expect(percentile(hundred, 99)).toBe(99);
  expect(percentile([7], 99)).toBe(7);
});

test('the median of an even number of values lies between the two in the middle', () => {
  expect(median([4, 1, 3, 2])).toBe(2.5);
  expect(median([9, 1, 5])).toBe(5);
});

test('a spread has the ends and the middle', () => {
  expect(spreadOf([3, 10, 1])).toEqual({ min: 1, median: 3, max: 10 });
});

test('without values there is no figure', () => {
  expect(() => percentile([], 50)).toThrow(/needs values/);
});

test('rounds to four significant digits', () => {
  expect(rounded(1234.56)).toBe(1235);
  expect(rounded(0.0123456)).toBe(0.01235);
});
