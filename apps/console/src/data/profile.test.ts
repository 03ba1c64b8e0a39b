import { describe, expect, test } from 'vitest';
import { formatCell, histogramOf, parseProfile } from './profile.ts';

describe('histogramOf', () => {
  test('puts numbers into bins of one width, and loses none', () => {
    const bars = histogramOf([0, 1, 2, 3, '11.5', 12, null]);
    expect(bars).toHaveLength(12);
    expect(bars.map(({ count }) => count)).toEqual([1, 1, 1, 1, 0, 0, 0, 0, 0, 0, 0, 2]);
    expect(bars[0]?.label).toBe('0 to 1');
  });

  test('counts other values, the most frequent first', () => {
    expect(histogramOf(['OSL', 'BGO', 'OSL', null, true])).toEqual([
      { label: 'OSL', count: 2 },
      { label: 'BGO', count: 1 },
      { label: 'true', count: 1 },
    ]);
  });

  test('has one bar for one value and none for none', () => {
    expect(histogramOf([7, 7])).toEqual([{ label: '7', count: 2 }]);
    expect(histogramOf([null])).toEqual([]);
  });
});

test('parseProfile refuses what is no preview', () => {
  expect(parseProfile('"text"')).toBeUndefined();
  expect(parseProfile('{"columns":[]}')).toBeUndefined();
  expect(parseProfile('{"columns":[],"preview":[],"rows":0,"profiledRows":0}')).toMatchObject({
    rows: 0,
  });
});

test('formatCell shows a null as a word, and values of any shape', () => {
  expect([null, '', 1, false, { a: [1] }].map(formatCell)).toEqual([
    'null',
    '',
    '1',
    'false',
    '{"a":[1]}',
  ]);
});
