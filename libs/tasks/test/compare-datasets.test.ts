import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseProgram, toFramePlan } from '@floe/expression';
import { datasetFromCsv, datasetSchema, executeFramePlan } from '@floe/frame';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { compareDatasets, type ComparedDataset } from '../src/compare/compare-datasets.ts';

let scratch: string;
let count = 0;

beforeAll(async () => {
  scratch = await mkdtemp(join(tmpdir(), 'floe-compare-'));
});

afterAll(() => rm(scratch, { recursive: true, force: true }));

async function dataset(csv: string, polars = 'raw'): Promise<ComparedDataset> {
  count += 1;
  const [source, raw, output] = ['csv', 'raw.ipc', 'ipc'].map((end) =>
    join(scratch, `${count}.${end}`),
  ) as [string, string, string];
  await writeFile(source, csv);
  await datasetFromCsv(source, raw);
  const plan = toFramePlan(parseProgram(polars, { inputs: ['raw'] }), {});
  await executeFramePlan(plan, { inputs: { raw }, output });
  return { paths: [output], schema: await datasetSchema(output) };
}

const options = () => ({ key: ['id'], limit: 10, masked: new Set<string>(), scratch });

test('counts rows and columns that differ, by key in whatever order', async () => {
  const before = await dataset('id,a,b\n1,x,1\n2,y,2\n3,z,3\n4,,4\n');
  const after = await dataset('id,a,b\n5,n,5\n4,,4\n3,z,30\n2,Y,2\n');
  const found = await compareDatasets(before, after, options());
  expect(found).toEqual({
    rowsBefore: 4,
    rowsAfter: 4,
    same: 1,
    changed: 2,
    added: 1,
    removed: 1,
    changedByColumn: { a: 1, b: 1 },
    notCompared: [],
    first: [
      { change: 'removed', row: { id: 1 }, columns: {} },
      { change: 'changed', row: { id: 2 }, columns: { a: { before: 'y', after: 'Y' } } },
      { change: 'changed', row: { id: 3 }, columns: { b: { before: 3, after: 30 } } },
      { change: 'added', row: { id: 5 }, columns: {} },
    ],
  });
});

test('finds a null that became a value, and a value that became null', async () => {
  const before = await dataset('id,a\n1,\n2,5\n');
  const after = await dataset('id,a\n1,7\n2,\n');
  const { first, changed } = await compareDatasets(before, after, options());
  expect(changed).toBe(2);
  expect(first.map(({ columns }) => columns['a'])).toEqual([
    { before: null, after: 7 },
    { before: 5, after: null },
  ]);
});

test('compares by place without a key', async () => {
  const before = await dataset('a\nx\ny\n');
  const after = await dataset('a\nx\nz\nw\n');
  const found = await compareDatasets(before, after, { ...options(), key: [] });
  expect(found).toMatchObject({ same: 1, changed: 1, added: 1, removed: 0 });
  expect(found.first).toEqual([
    { change: 'changed', row: { row: 2 }, columns: { a: { before: 'y', after: 'z' } } },
    { change: 'added', row: { row: 3 }, columns: {} },
  ]);
});

test('leaves out columns of another type, and those of one side', async () => {
  const before = await dataset('id,a,b\n1,1,1\n');
  const after = await dataset('id,a,c\n1,1,2\n', 'raw.with_columns(pl.col("a").cast(pl.Float64))');
  const found = await compareDatasets(before, after, options());
  expect(found).toMatchObject({ same: 1, changed: 0, notCompared: ['a'], changedByColumn: {} });
});

test('takes names with quotes and spaces, and two columns as a key', async () => {
  const rename = String.raw`raw.rename({"a": "a \"b\", c"})`;
  const before = await dataset('id,a,k\n1,x,1\n1,y,2\n', rename);
  const after = await dataset('id,a,k\n1,x,1\n1,Y,2\n', rename);
  const found = await compareDatasets(before, after, { ...options(), key: ['id', 'k'] });
  expect(found.changedByColumn).toEqual({ 'a "b", c': 1 });
  expect(found.first[0]?.row).toEqual({ id: 1, k: 2 });
});

test('counts what is masked and does not show it', async () => {
  const before = await dataset('id,a\n1,secret\n');
  const after = await dataset('id,a\n1,other\n');
  const found = await compareDatasets(before, after, { ...options(), masked: new Set(['a']) });
  expect(found.changedByColumn).toEqual({ a: 1 });
  expect(JSON.stringify(found)).not.toMatch(/secret|other/);
});

test('refuses a key that tells no rows apart, and one that is not there', async () => {
  const before = await dataset('id,a\n1,x\n1,y\n');
  const after = await dataset('id,a\n1,x\n');
  await expect(compareDatasets(before, after, options())).rejects.toThrow(/2 rows, 1 keys/);
  await expect(compareDatasets(before, after, { ...options(), key: ['nope'] })).rejects.toThrow(
    /no column nope/,
  );
});

test('of two empty datasets nothing differs', async () => {
  const empty = await dataset('id,a\n1,x\n', 'raw.filter(pl.col("id") > 5)');
  expect(await compareDatasets(empty, empty, options())).toMatchObject({
    rowsBefore: 0,
    rowsAfter: 0,
    first: [],
  });
});
