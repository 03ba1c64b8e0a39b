import { expect, test } from 'vitest';
import { percentile } from './percentile.ts';

test('is a value of the list, not one in between', () => {
  expect(percentile([10, 20], 0.5)).toBe(10);
  expect(percentile([30, 10, 20], 0.95)).toBe(30);
});

test('of no values is 0', () => {
  expect(percentile([], 0.5)).toBe(0);
});
