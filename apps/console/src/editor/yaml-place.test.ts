import { expect, test } from 'vitest';
import { valueBelow, yamlPlace } from './yaml-place.ts';

const DOCUMENT = `name: late
params:
  since: { type: date }
tasks:
  flights:
    type: postgres_extract
    query: |
      select 1
      from x

  late:
    type: expression_transform
    polars: |
      flights.filter(pl.c
schedules:
  - cron: "0 6 * * *"
    ov
  - na
`;
const lines = DOCUMENT.split('\n');
const placeOf = (text: string) => {
  const at = lines.findIndex((line) => line.includes(text));
  return yamlPlace(lines, at, lines[at]!.indexOf(text) + text.length);
};

test('knows the path of a key', () => {
  expect(placeOf('ov')).toEqual({ path: ['schedules', '-'], key: undefined, word: 'ov' });
  expect(placeOf('- na')).toEqual({ path: ['schedules', '-'], key: undefined, word: 'na' });
  expect(placeOf('type: postgres')).toMatchObject({ path: ['tasks', 'flights'], key: 'type' });
  expect(placeOf('  late')).toMatchObject({ path: ['tasks'] });
  expect(placeOf('name: la')).toEqual({ path: [], key: 'name', word: 'la' });
});

test('knows that it is inside of a text block', () => {
  expect(placeOf('pl.c')).toMatchObject({ path: ['tasks', 'late', 'polars'], word: 'pl.c' });
  expect(placeOf('from x')).toMatchObject({ path: ['tasks', 'flights', 'query'] });
});

test('takes an empty line by the place of its cursor', () => {
  const at = lines.indexOf('');
  expect(yamlPlace([...lines.slice(0, at), '    ', ...lines.slice(at)], at, 4).path).toEqual([
    'tasks',
    'flights',
  ]);
});

test('finds the type of a task', () => {
  expect(valueBelow(lines, ['tasks', 'late'], 'type')).toBe('expression_transform');
  expect(valueBelow(lines, ['tasks', 'flights'], 'type')).toBe('postgres_extract');
  expect(valueBelow(lines, ['tasks', 'none'], 'type')).toBeUndefined();
});
