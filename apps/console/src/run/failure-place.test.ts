import { expect, test } from 'vitest';
import type { JsonObject } from '@floe/client';
import { failurePlace } from './failure-place.ts';

const document: JsonObject = {
  tasks: [
    { id: 'rank', config: { polars: 'late = flights\nlate.sort("delay")' } },
    { id: 'load', config: { table: 't' } },
  ],
};

test('finds the line that a failure names in the text of its task', () => {
  expect(failurePlace(document, 'rank', { line: '2', column: '6' })).toEqual({
    line: 2,
    column: 6,
    text: 'late.sort("delay")',
  });
});

test('finds none where there is no line, no such line, or no text', () => {
  expect(failurePlace(document, 'rank', {})).toBeUndefined();
  expect(failurePlace(document, 'rank', { line: '9' })).toBeUndefined();
  expect(failurePlace(document, 'load', { line: '1' })).toBeUndefined();
  expect(failurePlace(document, 'constructor', { line: '1' })).toBeUndefined();
});
