import { expect, test } from 'vitest';
import { parseCommandLine } from '../src/command/command-line.ts';

test('one seed, a range, or some seconds can be asked for', () => {
  expect(parseCommandLine(['--seed', '7']).what).toEqual({ kind: 'seed', seed: 7 });
  expect(parseCommandLine(['--seeds', '3..9']).what).toEqual({ kind: 'range', from: 3, to: 9 });
  expect(parseCommandLine(['--seconds', '20', '--json', '--workers', '1'])).toEqual({
    what: { kind: 'seconds', seconds: 20 },
    isJson: true,
    workers: 1,
  });
});

test.each([
  [['--seed', 'x']],
  [['--seed', '5000000000']],
  [['--seeds', '9..3']],
  [['--seeds', '9']],
  [['--seconds', '0']],
  [['--seed', '1', '--seconds', '1']],
  [['--fast']],
  [['word']],
])('%j is refused with the usage', (words) => {
  expect(() => parseCommandLine(words)).toThrowError(
    expect.objectContaining({
      code: 'CONFIGURATION_INVALID',
      hint: expect.stringContaining('npm run simulate'),
    }),
  );
});
