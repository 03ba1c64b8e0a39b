import { expect, test } from 'vitest';
import { complete, FILES } from '../src/complete/complete.ts';
import { namesOfServer } from '../src/complete/known-names.ts';
import { createProgram } from '../src/program.ts';
import { createFloeClient } from '@floe/client';
import { createRecordingTerminal } from './recording-terminal.ts';

const context = {
  terminal: createRecordingTerminal(),
  env: {},
  isJson: false,
  endWith: () => {},
};
const program = await createProgram('all', context);

const known = (word: string) => async () => [{ word, means: '' }];
const names = {
  run: known('01a0'),
  workflow: known('late-flights'),
  executor: known('executor-1'),
  task: async ([run = '']: readonly string[]) => [{ word: `task-of-${run}`, means: '' }],
};

async function words(...line: string[]): Promise<readonly string[]> {
  return (await complete(program, line, names)).map(({ word }) => word);
}

test('offers commands, and those below them', async () => {
  expect(await words('ru')).toEqual(['run', 'runs']);
  expect(await words('runs', 're')).toEqual(['resume', 'retry', 'report']);
});

test('offers options of the command and of the program, and their values', async () => {
  expect(await words('runs', 'list', '--s')).toEqual([
    '--state',
    '--since',
    '--server',
    '--state-dir',
  ]);
  expect(await words('runs', 'list', '--state', 'ti')).toEqual(['timed_out']);
  expect(await words('runs', 'list', '--state', 'failed', 'su')).toEqual(['succeeded']);
  expect(await words('runs', 'list', '--workflow', '')).toEqual(['late-flights']);
});

test('offers what an argument names, wherever options stand', async () => {
  expect(await words('runs', 'get', '')).toEqual(['01a0']);
  expect(await words('runs', 'get', '--json', '')).toEqual(['01a0']);
  expect(await words('runs', 'get', '-o', 'wide', '')).toEqual(['01a0']);
  expect(await words('executors', 'drain', 'x')).toEqual([]);
  expect(await words('completion', '')).toEqual(['bash', 'zsh', 'fish']);
  expect(await words('apply', '-f', '')).toEqual([FILES.word]);
  expect(await words('runs', 'get', '01a0', '')).toEqual([]);
  expect(await words('runs', 'approve', '01a0', '')).toEqual(['task-of-01a0']);
  expect(await words('runs', 'logs', '01a0', '--task', '')).toEqual(['task-of-01a0']);
});

test('offers nothing when the server is late, within the deadline', async () => {
  const silent = createFloeClient({ baseUrl: 'http://floe', fetch: () => new Promise(() => {}) });
  const startedAt = performance.now();
  expect(await complete(program, ['runs', 'get', ''], namesOfServer(silent))).toEqual([]);
  expect(performance.now() - startedAt).toBeLessThan(2_000);
});
