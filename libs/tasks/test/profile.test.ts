import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { inspect } from 'node:util';
import { datasetFromCsv, datasetFromFiles } from '@floe/frame';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { runExpressionTransform } from '../src/expression_transform/run.ts';
import { mergeProfiles } from '../src/profiles.ts';
import { profileDataset } from '../src/run.ts';
import { createContext } from './task-context.ts';

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
    { name: 'name', nulls: 1, distinct: 2, min: 'a', max: 'b' },
    { name: 'day', nulls: 1, distinct: 2, min: '2001-01-02', max: '2001-01-03' },
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

test.each([
  ['email', 'rows.with_columns(x=pl.col("email").cast(pl.Int64))'],
  ['api_key', 'rows.with_columns(x=pl.col("api_key").str.to_date("%Y"))'],
])('a value of %s that cannot be converted is in no error', async (column, polars) => {
  const [source, path] = [join(folder, 'rows.csv'), join(folder, 'masked.ipc')];
  await writeFile(source, 'email,api_key\nme@x.org,hunter2\n');
  const dataset = { uri: pathToFileURL(path).href, ...(await datasetFromCsv(source, path)) };
  const address = { host: 'nowhere', port: 1, database: 'd', user: 'u', password: 'p' };
  const inputs = [{ taskId: 'rows', dataset }];
  const given = { folder, address, config: { polars }, inputs, masked: ['email'] };
  const failure: unknown = await runExpressionTransform(createContext(given)).catch(
    (thrown: unknown) => thrown,
  );
  expect(failure).toMatchObject({
    code: 'TRANSFORM_FAILED',
    message: expect.stringContaining(`failed in column '${column}' for 1 out of 1 values`),
  });
  expect(inspect(failure, { depth: null })).not.toMatch(/me@x.org|hunter2/);
});

test('a long text is cut, and an empty dataset has no statistics', async () => {
  const long = await profileOf(`t\n${'x'.repeat(5_000)}\n`);
  expect(JSON.stringify(long).length).toBeLessThan(2_000);
  const empty = await profileOf('a,b\n');
  expect(empty).toMatchObject({ rows: 0, preview: [], columns: [{ name: 'a' }, { name: 'b' }] });
});

test('nested values are cut, and what they hold of secrets is masked', async () => {
  const [source, path] = [join(folder, 'rows.ndjson'), join(folder, 'nested.ipc')];
  const row = {
    list: Array.from({ length: 50_000 }, (_, index) => index),
    who: { password: 'hunter2', email: 'me@x.org', note: 'n'.repeat(5_000) },
    many: [{ token: 'hunter2' }],
  };
  await writeFile(source, `${JSON.stringify(row)}\n`);
  const facts = await datasetFromFiles([source], { format: 'ndjson', output: path });
  const dataset = { uri: pathToFileURL(path).href, ...facts };
  const profile = await profileDataset({ path, dataset, masked: new Set(['email']) });
  const text = JSON.stringify(profile);
  expect(text.length).toBeLessThan(3_000);
  expect(text).not.toContain('hunter2');
  expect(text).not.toContain('me@x.org');
  expect(profile.preview[0]![0]).toHaveLength(21);
  expect(profile.preview[0]![2]).toEqual([{ token: '***' }]);
});

test('statistics are those of SQL, but for NaN, which counts where there is no number', async () => {
  const { columns } = await profileOf('f,b\nNaN,true\n1.5,\n,false\n-2.5,true\n1.5,\n');
  expect(columns).toMatchObject([
    { nulls: 1, distinct: 3, min: -2.5, max: 1.5, mean: 'NaN' },
    { nulls: 2, distinct: 2 },
  ]);
  const [none] = (await profileOf('f,n\nNaN,1\n,2\n')).columns;
  expect(none).toMatchObject({ nulls: 1, distinct: 1, min: 'NaN', max: 'NaN' });
});

test('what parts show is told of the whole as if it had been one', async () => {
  const rows = [
    '1,9007199254740993,b,2001-01-02,1.5',
    '3,,,2001-01-03,',
    '3,-4,B,,2.25',
    '2,12,ä,1999-12-31,-7',
    '10,7,a,2001-01-02,0.5',
  ];
  const head = 'id,large,name,day,x\n';
  const whole = await profileOf(`${head}${rows.join('\n')}\n`);
  const parts = [
    await profileOf(`${head}${rows.slice(0, 2).join('\n')}\n`),
    await profileOf(head),
    await profileOf(`${head}${rows.slice(2).join('\n')}\n`),
  ];
  const merged = mergeProfiles(parts, 3);
  expect(merged).toMatchObject({ rows: 5, profiledRows: 5, parts: { shown: 3, of: 3 } });
  expect(merged.preview).toEqual(whole.preview);
  for (const [at, column] of merged.columns.entries()) {
    const { distinct, mean, ...told } = whole.columns[at]!;
    const { distinctAtLeast = 0, mean: mergedMean, ...others } = column;
    expect(others).toEqual(told);
    expect(distinctAtLeast).toBeLessThanOrEqual(distinct!);
    expect(distinctAtLeast).toBeGreaterThan(0);
    if (mean === undefined) expect(mergedMean).toBeUndefined();
    else expect(Number(mergedMean)).toBeCloseTo(Number(mean));
  }
});

test('of parts of which one alone has rows all is told, and masked values stay masked', async () => {
  const parts = [
    await profileOf('email,n\n', ['email']),
    await profileOf('email,n\nme@x.org,1\nme@x.org,2\n', ['email']),
  ];
  const merged = mergeProfiles(parts, 3);
  expect(merged.columns).toMatchObject([
    { name: 'email', masked: true, nulls: 0 },
    { name: 'n', distinct: 2, min: 1, max: 2, mean: 1.5 },
  ]);
  expect(merged.parts).toEqual({ shown: 2, of: 3 });
  expect(JSON.stringify(merged)).not.toContain('me@x.org');
});

test('nothing but NaN is the least and the most of what has no number, and dates of any age are in order', () => {
  const part = (min: string, max: string, kind: 'float64' | 'date') => ({
    rows: 1,
    profiledRows: 1,
    preview: [],
    columns: [{ name: 'x', type: { kind }, masked: false, min, max }],
  });
  const nan = [part('NaN', 'NaN', 'float64'), part('-Infinity', '3', 'float64')];
  expect(mergeProfiles(nan, 2).columns[0]).toMatchObject({ min: '-Infinity', max: '3' });
  expect(mergeProfiles([nan[0]!, nan[0]!], 2).columns[0]).toMatchObject({ min: 'NaN' });
  const dates = [
    part('-000044-03-15', '+012000-01-01', 'date'),
    part('0001-01-01', 'day 200000000 since 1970-01-01', 'date'),
  ];
  expect(mergeProfiles(dates, 2).columns[0]).toMatchObject({
    min: '-000044-03-15',
    max: 'day 200000000 since 1970-01-01',
  });
});
