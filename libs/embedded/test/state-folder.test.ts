import { chmod, readdir, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { openStateFolder } from '../src/state-folder.ts';
import { makeScratch } from './scratch.ts';

async function modeOf(path: string): Promise<number> {
  return (await stat(path)).mode & 0o777;
}

test('a fresh state folder can be passed through at most, and its folders are private', async () => {
  await using scratch = await makeScratch();
  const stateDir = join(scratch.folder, 'state');
  await openStateFolder(stateDir);
  expect((await modeOf(stateDir)) & 0o066).toBe(0);
  for (const name of await readdir(stateDir)) {
    expect(await modeOf(join(stateDir, name))).toBe(0o700);
  }
});

test('a folder that holds something else keeps its mode', async () => {
  await using scratch = await makeScratch();
  await writeFile(join(scratch.folder, 'letter'), 'private');
  await chmod(scratch.folder, 0o700);
  await openStateFolder(scratch.folder);
  expect(await modeOf(scratch.folder)).toBe(0o700);
});
