import { readFile, readdir, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { lockFolder } from '../src/lock.ts';
import { makeScratch } from './scratch.ts';

test('a second Floe on the folder is refused with who has it and what to do (K1)', async () => {
  await using scratch = await makeScratch();
  const lock = await lockFolder(scratch.folder);
  await expect(lockFolder(scratch.folder)).rejects.toMatchObject({
    code: 'FOLDER_IN_USE',
    message: expect.stringContaining(`process ${process.pid}, since 20`),
    hint: expect.stringContaining(`kill ${process.pid}`),
  });
  await lock.release();
  await (await lockFolder(scratch.folder)).release();
});

test('of many that start at once one gets the lock (K1)', async () => {
  await using scratch = await makeScratch();
  const results = await Promise.allSettled(
    Array.from({ length: 20 }, () => lockFolder(scratch.folder)),
  );
  expect(results.filter((result) => result.status === 'fulfilled')).toHaveLength(1);
});

test('the lock of a process that ended is taken over, also when its pid runs again (K2)', async () => {
  await using scratch = await makeScratch();
  const path = join(scratch.folder, 'lock');
  const dead = { pid: process.pid, startedAt: 'another boot', since: '2020-01-01T00:00:00Z' };
  await writeFile(path, JSON.stringify(dead));
  const lock = await lockFolder(scratch.folder);
  expect(JSON.parse(await readFile(path, 'utf8'))).toMatchObject({ pid: process.pid });
  await lock.release();
  expect((await readdir(scratch.folder)).filter((name) => name.startsWith('lock'))).toEqual([]);
});

test('a damaged lock is nobody’s (K2)', async () => {
  await using scratch = await makeScratch();
  await writeFile(join(scratch.folder, 'lock'), '{"pid": 1, "star');
  await (await lockFolder(scratch.folder)).release();
});

test('releasing leaves the lock of a later holder in place (K3)', async () => {
  await using scratch = await makeScratch();
  const path = join(scratch.folder, 'lock');
  const lock = await lockFolder(scratch.folder);
  await rm(path);
  await writeFile(path, 'of another');
  await lock.release();
  expect(await readFile(path, 'utf8')).toBe('of another');
});
