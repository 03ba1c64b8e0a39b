import { mkdtemp, readdir, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { datasetPath, makeRunFolder } from './datasets.ts';

const OLD_RUN = '01890000-0000-7000-8000-000000000001';

let folder: string;

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'floe-datasets-'));
});

afterEach(() => rm(folder, { recursive: true, force: true }));

test('refuses ids that would lead out of the folder', () => {
  expect(() => datasetPath(folder, { runId: '..', taskId: 'a', epoch: 1n })).toThrow(/no name/);
  expect(() => datasetPath(folder, { runId: OLD_RUN, taskId: '../a', epoch: 1n })).toThrow(
    /no name/,
  );
});

test('makes the folder of a run', async () => {
  const path = datasetPath(folder, { runId: OLD_RUN, taskId: 'late_flights', epoch: 3n });
  await makeRunFolder(path);
  expect(path).toBe(join(folder, OLD_RUN, 'late_flights-3.ipc'));
  expect(await readdir(folder)).toEqual([OLD_RUN]);
});

test('says in words that a folder cannot be made', async () => {
  await writeFile(join(folder, 'file'), 'x');
  const path = datasetPath(join(folder, 'file'), { runId: OLD_RUN, taskId: 'a', epoch: 1n });
  await expect(makeRunFolder(path)).rejects.toMatchObject({ code: 'DATASET_STORE_UNAVAILABLE' });
});
