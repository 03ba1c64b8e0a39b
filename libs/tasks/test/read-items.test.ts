import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { datasetFromCsv } from '@floe/frame';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { readItems } from '../src/read-items.ts';
import type { DatasetReference } from '../src/runner.ts';

let folder: string;
let dataset: DatasetReference;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'floe-items-'));
  const csv = join(folder, 'airports.csv');
  const rows = Array.from({ length: 500 }, (_, row) => `${row},A${row},2026-01-${(row % 28) + 1}`);
  await writeFile(csv, `id,code,day\n${rows.join('\n')}\n,,\n`);
  const path = join(folder, 'airports.ipc');
  const facts = await datasetFromCsv(csv, path);
  dataset = { uri: pathToFileURL(path).href, ...facts };
});

afterAll(() => rm(folder, { recursive: true, force: true }));

test('reads the rows that are items, in the type that the document names', async () => {
  expect(await readItems({ dataset, column: 'code', type: 'string' }, [499, 3])).toEqual([
    { index: 499, value: { kind: 'string', value: 'A499' } },
    { index: 3, value: { kind: 'string', value: 'A3' } },
  ]);
  expect(await readItems({ dataset, column: 'id', type: 'integer' }, [7])).toEqual([
    { index: 7, value: { kind: 'integer', value: '7' } },
  ]);
  expect(await readItems({ dataset, column: 'code', type: 'string' }, [500])).toEqual([
    { index: 500, value: { kind: 'null' } },
  ]);
});

test('counts the rows of a dataset of several files over all of them', async () => {
  const twice = { ...dataset, uri: 'parts:test', parts: [dataset, dataset] };
  const items = await readItems({ dataset: twice, column: 'code', type: 'string' }, [2, 501 + 3]);
  expect(items.map(({ value }) => value)).toEqual([
    { kind: 'string', value: 'A2' },
    { kind: 'string', value: 'A3' },
  ]);
});

test('says which item is not of the type, and that there is no such column', async () => {
  await expect(readItems({ dataset, column: 'code', type: 'integer' }, [2])).rejects.toMatchObject({
    code: 'VALUE_INVALID',
    message: 'the value of item 2 is no integer',
  });
  await expect(readItems({ dataset, column: 'city', type: 'string' }, [2])).rejects.toMatchObject({
    code: 'COLUMN_MISMATCH',
  });
});
