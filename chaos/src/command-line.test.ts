import { expect, test } from 'vitest';
import { parseCommandLine } from './command-line.ts';

test('words are read, and what is absent has a default', () => {
  expect(parseCommandLine(['--quick', '--seconds', '20', '--json', 'a.json'])).toEqual({
    isQuick: true,
    seconds: 20,
    seed: 1,
    jsonFile: 'a.json',
    before: undefined,
    faults: [],
  });
  expect(parseCommandLine([]).seconds).toBe(300);
  const upgrade = ['--fault', 'upgrade', '--fault', 'kill nats', '--from', '/before'];
  expect(parseCommandLine(upgrade)).toMatchObject({
    before: '/before',
    faults: ['upgrade', 'kill nats'],
  });
});

test.each([[['--seconds', 'x']], [['--seconds', '0']], [['--slow']], [['word']]])(
  '%j is refused with the usage',
  (words) => {
    expect(() => parseCommandLine(words)).toThrowError(
      expect.objectContaining({
        code: 'CONFIGURATION_INVALID',
        hint: expect.stringContaining('npm run chaos'),
      }),
    );
  },
);
