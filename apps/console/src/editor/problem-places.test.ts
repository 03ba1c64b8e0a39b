import { expect, test } from 'vitest';
import type { Problem } from '@floe/client';
import { placeProblems } from './problem-places.ts';

const SOURCE = 'name: a\ntasks:\n  b: c';
const at = (line: number, column: number, length: number) =>
  placeProblems(SOURCE, [{ line, column, length } as Problem]).map(({ from, to }) =>
    SOURCE.slice(from, to),
  );

test('marks the text that a problem names', () => {
  expect(at(3, 6, 1)).toEqual(['c']);
  expect(at(1, 1, 4)).toEqual(['name']);
});

test('marks the rest of the line where no length is known', () => {
  expect(at(2, 1, 0)).toEqual(['tasks:']);
});

test('marks the first line for a problem without a place, and never leaves the text', () => {
  expect(at(0, 0, 0)).toEqual(['name: a']);
  expect(at(99, 99, 99)).toEqual(['']);
});
