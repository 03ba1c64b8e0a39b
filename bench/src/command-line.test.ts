import { FloeError } from '@floe/errors';
import { expect, test } from 'vitest';
import { parseCommandLine } from './command-line.ts';

test('takes a name and its options in any order', () => {
  const words = ['--quick', 'load', '--json', 'out.json', '--rows', '500000'];
  expect(parseCommandLine(words)).toEqual({
    kind: 'measure',
    name: 'load',
    isQuick: true,
    rows: 500_000,
    jsonFile: 'out.json',
    keep: undefined,
  });
  expect(parseCommandLine(['up'])).toEqual({
    kind: 'measure',
    name: 'up',
    isQuick: false,
    rows: undefined,
    jsonFile: undefined,
    keep: undefined,
  });
});

test('a record is of all benches or of those that are named', () => {
  expect(parseCommandLine(['record'])).toEqual({
    kind: 'record',
    names: [],
    rows: undefined,
    keep: undefined,
  });
  expect(parseCommandLine(['record', 'extract', 'load', '--rows', '500000'])).toEqual({
    kind: 'record',
    names: ['extract', 'load'],
    rows: 500_000,
    keep: undefined,
  });
  expect(parseCommandLine(['record', 'reports', '--keep', '/var/history'])).toMatchObject({
    names: ['reports'],
    keep: '/var/history',
  });
  expect(parseCommandLine(['plot'])).toEqual({ kind: 'plot' });
});

test.each([
  [[]],
  [['chain', 'up']],
  [['chain', '--slow']],
  [['chain', '--json']],
  [['load', '--rows', '2e6']],
  [['load', '--rows', '10']],
  [['record', '--quick']],
  [['plot', 'load']],
  [['plot', '--keep', '/var/history']],
])('refuses %j and tells the usage', (words) => {
  expect(() => parseCommandLine(words)).toThrow(
    expect.objectContaining({ code: 'CONFIGURATION_INVALID', hint: expect.any(String) }),
  );
  expect(() => parseCommandLine(words)).toThrow(FloeError);
});
