import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { datasetFromCsv } from '@floe/frame';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { profileDataset } from '../src/run.ts';

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'floe-profile-'));
});
afterAll(() => rm(folder, { recursive: true }));

async function profileOf(csv: string, masked: readonly string[] = []) {
  const [source, path] = [join(folder, 'rows.csv'), join(folder, 'rows.ipc')];
  await writeFile(source, csv);
  const dataset = { uri: pathToFileURL(path).href, ...(await datasetFromCsv(source, path)) };
  return profileDataset({ path, dataset, masked: new Set(masked) });
}

test('shows the first rows and what each column holds', async () => {
  const profile = await profileOf('id,name,day\n1,a,2001-01-02\n3,,2001-01-03\n3,b,\n');
  expect(profile).toMatchObject({ rows: 3, profiledRows: 3 });
  expect(profile.preview).toEqual([
    [1, 'a', '2001-01-02'],
    [3, null, '2001-01-03'],
    [3, 'b', null],
  ]);
  expect(profile.columns).toMatchObject([
    { name: 'id', nulls: 0, distinct: 2, min: 1, max: 3 },
    { name: 'name', nulls: 1, min: 'a', max: 'b' },
    { name: 'day', nulls: 1, min: '2001-01-02', max: '2001-01-03' },
  ]);
  expect(profile.columns[0]!.mean).toBeCloseTo(7 / 3);
});

test('values of masked columns, and of those whose name speaks of secrets, are nowhere', async () => {
  const profile = await profileOf('email,api_key,n\nme@x.org,hunter2,1\n', ['email']);
  expect(profile.columns.map(({ masked }) => masked)).toEqual([true, true, false]);
  const text = JSON.stringify(profile);
  expect(text).not.toContain('me@x.org');
  expect(text).not.toContain('hunter2');
});

test('a long text is cut, and an empty dataset has no statistics', async () => {
  const long = await profileOf(`t\n${'x'.repeat(5_000)}\n`);
  expect(JSON.stringify(long).length).toBeLessThan(2_000);
  const empty = await profileOf('a,b\n');
  expect(empty).toMatchObject({ rows: 0, preview: [], columns: [{ name: 'a' }, { name: 'b' }] });
});
