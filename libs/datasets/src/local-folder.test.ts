import { mkdir, mkdtemp, readdir, rm, symlink, utimes, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { collectFolder, keyOfPath } from './local-folder.ts';

const OLD_RUN = '01890000-0000-7000-8000-000000000001';
const NEW_RUN = '01890000-0000-7000-8000-000000000002';
const NOW_MS = 1_900_000_000_000;
const DAY_MS = 86_400_000;

let folder: string;

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'floe-datasets-'));
});

afterEach(() => rm(folder, { recursive: true, force: true }));

async function writeRun(runId: string, ageMs: number, names: readonly string[]): Promise<void> {
  await mkdir(join(folder, runId));
  for (const name of names) await writeFile(join(folder, runId, name), 'x');
  const time = new Date(NOW_MS - ageMs);
  await utimes(join(folder, runId), time, time);
}

test('removes old runs and leaves the others and what is not ours', async () => {
  const leftBehind = [
    'b_c-22.ipc.partial',
    'a-1.ipc.columns.ipc.partial',
    'a-2.ipc.piece',
    'a-3.ipc.0b6c1d52-6a3e-4d0f-9a53-0f6f0c6f1c11',
    'a-1.b_c.ipc.rule-0.ipc',
  ];
  await writeRun(OLD_RUN, 4 * DAY_MS, ['a-1.ipc', 'a-1.b_c.ipc', ...leftBehind]);
  await writeRun(NEW_RUN, DAY_MS, ['a-1.ipc']);
  await writeRun('notes', 4 * DAY_MS, ['a-1.ipc']);
  expect(await collectFolder(folder, NOW_MS - 3 * DAY_MS)).toBe(1);
  expect((await readdir(folder)).toSorted()).toEqual([NEW_RUN, 'notes']);
});

test('looks at the oldest runs first, so that none waits behind those that stay', async () => {
  const runs = ['5', '2', '1', '4', '3'].map((digit) => OLD_RUN.replace(/1$/, digit));
  for (const runId of runs) await writeRun(runId, runId.endsWith('1') ? 4 * DAY_MS : DAY_MS, []);
  expect(await collectFolder(folder, NOW_MS - 3 * DAY_MS, 1)).toBe(1);
  expect(await readdir(folder)).not.toContain(OLD_RUN);
});

test('keeps a strange file in an old run, and does not follow a link', async () => {
  await writeRun('elsewhere', 4 * DAY_MS, ['a-1.ipc']);
  await symlink(join(folder, 'elsewhere'), join(folder, NEW_RUN));
  await writeRun(OLD_RUN, 4 * DAY_MS, ['a-1.ipc', 'thesis.txt']);
  expect(await collectFolder(folder, NOW_MS - 3 * DAY_MS)).toBe(0);
  expect(await readdir(join(folder, OLD_RUN))).toEqual(['thesis.txt']);
  expect(await readdir(join(folder, 'elsewhere'))).toEqual(['a-1.ipc']);
});

test('knows the datasets of attempts by their paths, and nothing else', () => {
  const keyOf = (name: string) => keyOfPath(folder, join(folder, OLD_RUN, name));
  for (const name of ['a-1.ipc', 'a-1.b_c.ipc']) expect(keyOf(name)).toBe(`${OLD_RUN}/${name}`);
  for (const name of ['a.ipc', 'a-1.b.c.ipc', 'a-1..ipc', '../a-1.ipc', 'a-1.ipc.partial'])
    expect(() => keyOf(name)).toThrow('is no dataset of');
});

test('finds nothing to do where there is no folder yet', async () => {
  expect(await collectFolder(join(folder, 'missing'), NOW_MS)).toBe(0);
});
