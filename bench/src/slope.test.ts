import { expect, test } from 'vitest';
import { slopePerHour } from './slope.ts';

const every = (valueAt: (minute: number) => number) =>
  Array.from({ length: 60 }, (_, minute) => ({ atMs: minute * 60_000, value: valueAt(minute) }));

test('a steady growth is its slope', () => {
  expect(slopePerHour(every((minute) => 100 + minute / 6))).toBeCloseTo(10);
});

test('a saw of collections around the same level is flat', () => {
  expect(Math.abs(slopePerHour(every((minute) => 100 + (minute % 7))))).toBeLessThan(2);
});

test('one value far off moves nothing', () => {
  expect(slopePerHour(every((minute) => (minute === 30 ? 10_000 : 100)))).toBe(0);
});

test('one sample has no slope', () => {
  expect(slopePerHour([{ atMs: 0, value: 1 }])).toBe(0);
});
