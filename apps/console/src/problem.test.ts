import { expect, test } from 'vitest';
import { isPassing, toMessage } from './problem.ts';

const failure = (fields: object) => Object.assign(new Error('no Floe answers'), fields);

test('toMessage tells the hint of an error that has one', () => {
  const hint = 'Start it with `floe up`.';
  expect(toMessage(failure({ hint }))).toEqual({ message: 'no Floe answers', hint });
  expect(toMessage(failure({}))).toEqual({ message: 'no Floe answers', hint: '' });
  expect(toMessage('odd')).toEqual({ message: 'odd', hint: '' });
});

test('isPassing trusts only errors that say that they can be tried again', () => {
  expect(isPassing(failure({ isRetryable: true }))).toBe(true);
  expect(isPassing(failure({ isRetryable: false }))).toBe(false);
  expect(isPassing('odd')).toBe(false);
});
