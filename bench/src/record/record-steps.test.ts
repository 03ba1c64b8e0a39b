import { expect, test } from 'vitest';
import { recordFile, recordedGroups } from './record-steps.ts';

test('a record of everything has each size in one Floe, and no file twice', () => {
  const groups = recordedGroups([]);
  const files = groups.flat().map(recordFile);
  expect(files).toContain('extract-20000000.json');
  expect(files).toContain('latency.json');
  expect(files).not.toContain('reports.json');
  expect(new Set(files).size).toBe(files.length);
  expect(groups[1]).toEqual(['extract', 'load', 'etl'].map((name) => ({ name, rows: 2_000_000 })));
});

test('a record of some has these at all sizes', () => {
  expect(recordedGroups(['etl', 'chain']).map((group) => group.map(recordFile))).toEqual([
    ['etl-500000.json'],
    ['etl-2000000.json'],
    ['chain.json'],
    ['etl-20000000.json'],
  ]);
  expect(recordedGroups(['reports']).map((group) => group.map(recordFile))).toEqual([
    ['reports.json'],
  ]);
});

test('a record of one size has what has sizes', () => {
  const [group, ...others] = recordedGroups([], 500_000);
  expect(group!.map(recordFile)).toEqual([
    'extract-500000.json',
    'load-500000.json',
    'etl-500000.json',
  ]);
  expect(others).toEqual([]);
});

test('a name that no record has is refused with those that it has', () => {
  expect(() => recordedGroups(['soak'])).toThrow(
    expect.objectContaining({ hint: expect.stringContaining('latency') }),
  );
});
