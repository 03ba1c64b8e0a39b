import { FloeError } from '@floe/errors';
import { expect, test } from 'vitest';
import { parseCommandLine } from './command-line.ts';

test('takes a name and its options in any order', () => {
  expect(parseCommandLine(['--quick', 'chain', '--json', 'out.json'])).toEqual({
    name: 'chain',
    isQuick: true,
    jsonFile: 'out.json',
  });
  expect(parseCommandLine(['up'])).toEqual({ name: 'up', isQuick: false, jsonFile: undefined });
});

test.each([[[]], [['chain', 'up']], [['chain', '--slow']], [['chain', '--json']]])(
  'refuses %j and tells the usage',
  (words) => {
    expect(() => parseCommandLine(words)).toThrow(
      expect.objectContaining({ code: 'CONFIGURATION_INVALID', hint: expect.any(String) }),
    );
    expect(() => parseCommandLine(words)).toThrow(FloeError);
  },
);
