import { execFile } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { expect, test } from 'vitest';

test('an error that nobody caught fails the world in which it was left', async () => {
  const world = fileURLToPath(new URL('stray-world.ts', import.meta.url));
  const { stdout } = await promisify(execFile)(process.execPath, [world]);
  expect(JSON.parse(stdout)).toMatchObject({ checker: 'no-crash', message: 'left to nobody' });
});
