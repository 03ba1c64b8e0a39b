import { expect, test } from 'vitest';
import { collectParameter } from './run-parameters.ts';

test('collects parameters as text and keeps an equals sign in the value', () => {
  const first = collectParameter('since=2001-03-01');
  expect(collectParameter('where=a=b', first)).toEqual({ since: '2001-03-01', where: 'a=b' });
});

test.each(['since', '=2001-03-01', ''])('refuses %j, which has no name and value', (word) => {
  expect(() => collectParameter(word)).toThrow(/name=value/);
});

test('refuses a parameter that is given twice', () => {
  expect(() => collectParameter('a=2', { a: '1' })).toThrow(/twice/);
});
