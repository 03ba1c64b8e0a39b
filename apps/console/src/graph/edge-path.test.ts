import { describe, expect, test } from 'vitest';
import { labelPoint, roundedPath } from './edge-path.ts';

const steps = [
  { x: 0, y: 0 },
  { x: 40, y: 0 },
  { x: 40, y: 100 },
  { x: 140, y: 100 },
];

describe('roundedPath', () => {
  test('goes straight between two points', () => {
    expect(
      roundedPath([
        { x: 0, y: 5 },
        { x: 90, y: 5 },
      ]),
    ).toBe('M0 5L90 5');
  });

  test('rounds every bend', () => {
    expect(roundedPath(steps)).toBe('M0 0L31 0Q40 0 40 9L40 91Q40 100 49 100L140 100');
  });

  test('takes at most half of a short part for a corner', () => {
    const short = [
      { x: 0, y: 0 },
      { x: 10, y: 0 },
      { x: 10, y: 4 },
    ];
    expect(roundedPath(short)).toBe('M0 0L5 0Q10 0 10 2L10 4');
  });
});

test('labelPoint is the middle of the longest level part', () => {
  expect(labelPoint(steps)).toEqual({ x: 90, y: 100 });
});
