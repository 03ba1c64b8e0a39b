import { expect, test } from 'vitest';
import { knownSourceOf } from './known-sources.ts';

test('a text over the same inputs is read once', () => {
  const source = knownSourceOf({ polars: 'a.head(3)' }, ['a', 'b']);
  expect(knownSourceOf({ polars: 'a.head(3)' }, ['a', 'b'])).toBe(source);
  expect(knownSourceOf({ polars: 'a.head(4)' }, ['a', 'b'])).not.toBe(source);
  expect(knownSourceOf({ polars: 'a.head(3)' }, ['a'])).not.toBe(source);
  expect(knownSourceOf({ sql: 'select * from a' }, ['a']).kind).toBe('sql');
});

test('what was not asked for the longest is forgotten', () => {
  const [old, used] = [{ polars: 'a.head(1)' }, { polars: 'a.head(2)' }];
  const sources = [knownSourceOf(old, ['a']), knownSourceOf(used, ['a'])];
  for (let at = 0; at < 250; at += 1) {
    knownSourceOf({ polars: `a.tail(${at})` }, ['a']);
    knownSourceOf(used, ['a']);
  }
  expect(knownSourceOf(used, ['a'])).toBe(sources[1]);
  expect(knownSourceOf(old, ['a'])).not.toBe(sources[0]);
});

test('a text that is refused is refused each time, and a long one is not kept', () => {
  const wrong = { polars: 'a.heed(1)' };
  for (let time = 0; time < 2; time += 1) expect(() => knownSourceOf(wrong, ['a'])).toThrow(/heed/);
  const long = { polars: `a.head(3)${' '.repeat(30_000)}` };
  expect(knownSourceOf(long, ['a'])).not.toBe(knownSourceOf(long, ['a']));
});
