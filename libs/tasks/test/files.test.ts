import { execFileSync } from 'node:child_process';
import { mkdir, mkdtemp, readdir, readFile, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gzipSync, zstdCompressSync } from 'node:zlib';
import { previewDataset } from '@floe/frame';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { fileExtract } from '../src/file_extract/definition.ts';
import { leadFileExtract } from '../src/file_extract/lead.ts';
import { runFileExtract } from '../src/file_extract/run.ts';
import { runFileLoad } from '../src/file_load/run.ts';
import type { TaskContext } from '../src/runner.ts';
import { createContext } from './task-context.ts';

let folder: string;
let filesDir: string;
const address = { host: 'nowhere', port: 1, database: 'd', user: 'u', password: 'p' };
const CSV = 'id,name,day\n1,a,2001-01-02\n,"",2001-01-03\n';
const ROWS = [
  [1, 'a', '2001-01-02'],
  [null, '', '2001-01-03'],
];

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'floe-files-'));
  filesDir = join(folder, 'files');
  await mkdir(join(filesDir, 'in'), { recursive: true });
  await mkdir(join(filesDir, 'out'));
  await Promise.all([
    writeFile(join(filesDir, 'in/one.csv'), CSV),
    writeFile(join(filesDir, 'in/two.csv.gz'), gzipSync(CSV)),
    writeFile(join(filesDir, 'in/three.csv.zst'), zstdCompressSync(CSV)),
    writeFile(join(filesDir, 'in/rows.ndjson'), '{"a":9007199254740993}\n{"a":null}\n'),
    writeFile(join(filesDir, 'in/other.tsv'), 'id\tname\n1\tx\n'),
    writeFile(join(filesDir, 'in/lies.parquet'), CSV),
    writeFile(join(filesDir, 'in/lies.csv.gz'), CSV),
    writeFile(join(filesDir, 'in/lies.csv.zst'), gzipSync(CSV)),
    writeFile(join(folder, 'secret.csv'), CSV),
  ]);
  await symlink(join(folder, 'secret.csv'), join(filesDir, 'in/link.csv'));
});
afterAll(() => rm(folder, { recursive: true }));

function contextFor(config: TaskContext['config'], given: Partial<TaskContext> = {}): TaskContext {
  return { ...createContext({ folder, address, config }), filesDir, ...given };
}

const extract = async (config: TaskContext['config'], given: Partial<TaskContext> = {}) => {
  const context = contextFor(config, given);
  const { rows } = await runFileExtract(context);
  return { rows, preview: (await previewDataset(context.outputPath, 10)).rows };
};

test.each(['in/one.csv', 'in/two.csv.gz', 'in/three.csv.zst'])(
  '%s becomes a dataset',
  async (path) => {
    expect(await extract({ path })).toEqual({ rows: 2, preview: ROWS });
  },
);

test('a pattern reads its files in the order of their names', async () => {
  expect((await extract({ path: 'in/{one,two}.csv*', format: 'csv' })).preview).toEqual([
    ...ROWS,
    ...ROWS,
  ]);
});

test('integers beyond 2^53 come exactly out of NDJSON', async () => {
  expect((await extract({ path: 'in/rows.ndjson' })).preview).toEqual([
    ['9007199254740993'],
    [null],
  ]);
});

test('declared types are read as they are, however large their values and small their types', async () => {
  const [large, small] = [join(filesDir, 'in/large.csv'), join(filesDir, 'in/small.ndjson')];
  await writeFile(large, 'u,d\n18446744073709551615,12345678901234567890123.45\n1,2\n');
  await writeFile(small, '{"a":-128,"b":65535}\n{"a":null,"b":0}\n');
  const columns = [{ u: 'UInt64' }, { d: 'Decimal(38, 2)' }];
  expect((await extract({ path: 'in/large.csv', columns })).preview).toEqual([
    ['18446744073709551615', '12345678901234567890123.45'],
    [1, '2.00'],
  ]);
  const narrow = [{ a: 'Int8' }, { b: 'UInt16' }];
  expect((await extract({ path: 'in/small.ndjson', columns: narrow })).preview).toEqual([
    [-128, 65_535],
    [null, 0],
  ]);
  await expect(
    extract({ path: 'in/small.ndjson', columns: [{ a: 'UInt8' }, { b: 'UInt16' }] }),
  ).rejects.toMatchObject({ code: 'FILE_INVALID', details: { line: '1', column: 'a' } });
  await expect(
    extract({ path: 'in/small.ndjson', columns: [{ a: 'Time' }, { b: 'UInt16' }] }),
  ).rejects.toMatchObject({ code: 'TYPE_UNSUPPORTED', details: { column: 'a' } });
});

test('declared columns are the types, and a value that does not fit is an error that names the file', async () => {
  const columns = [{ id: 'Int16' }, { name: 'String' }, { day: 'Date' }];
  expect((await extract({ path: 'in/one.csv', columns })).preview).toEqual(ROWS);
  const wrong = [{ id: 'Int16' }, { name: 'Int64' }, { day: 'Date' }];
  await expect(extract({ path: 'in/one.csv', columns: wrong })).rejects.toMatchObject({
    code: 'FILE_INVALID',
    details: { file: expect.stringContaining('in/one.csv') },
  });
});

test('declared columns belong to names, not to places', async () => {
  const columns = [{ day: 'Date' }, { id: 'Int64' }, { name: 'String' }];
  const { preview } = await extract({ path: 'in/one.csv', columns });
  expect(preview).toEqual(ROWS.map(([id, name, day]) => [day, id, name]));
  await expect(
    extract({ path: 'in/one.csv', columns: [{ id: 'Int64' }, { nam: 'String' }] }),
  ).rejects.toMatchObject({
    code: 'COLUMN_MISMATCH',
    message: expect.stringContaining('it lacks nam; it has name, day besides'),
  });
});

test('files with other columns are no one table', async () => {
  await expect(extract({ path: 'in/o*.?sv', format: 'csv' })).rejects.toMatchObject({
    code: 'COLUMN_MISMATCH',
    message: expect.stringContaining('differ'),
  });
});

test.each(['lies.parquet', 'lies.csv.gz', 'lies.csv.zst'])('%s is named', async (name) => {
  await expect(extract({ path: `in/${name}` })).rejects.toMatchObject({
    code: 'FILE_INVALID',
    message: expect.stringContaining(name),
  });
});

test('a disk that is full is told as that, and what was there stays', async () => {
  const made = contextFor({ path: 'in/one.csv' });
  const { dataset } = await runFileExtract(made);
  const context = contextFor(
    { path: 'out/full.csv' },
    { inputs: [{ taskId: 'rows', dataset: dataset! }] },
  );
  const out = join(filesDir, 'out/full.csv');
  await writeFile(out, 'before');
  const unique = `${context.runId}-${context.epoch}`;
  await symlink('/dev/full', `${out}.${unique}.partial`);
  await expect(runFileLoad(context)).rejects.toMatchObject({
    code: 'FILE_NOT_WRITTEN',
    message: expect.stringContaining('the disk is full'),
  });
  expect(await readFile(out, 'utf8')).toBe('before');
});

test.each(['../secret.csv', '/etc/passwd', 'in/link.csv', 'in/../../secret.csv'])(
  '%s is out of bounds (F1)',
  async (path) => {
    await expect(extract({ path, format: 'csv' })).rejects.toMatchObject({
      code: 'FILE_FORBIDDEN',
    });
  },
);

test('pipes are not waited for, and links have to lead to a file', async () => {
  execFileSync('mkfifo', [join(filesDir, 'in/pipe.csv')]);
  await symlink('loop.csv', join(filesDir, 'in/loop.csv'));
  await expect(extract({ path: 'in/pipe.csv' })).rejects.toMatchObject({ code: 'FILE_INVALID' });
  await expect(extract({ path: 'in/loop.csv' })).rejects.toMatchObject({ code: 'FILE_NOT_FOUND' });
  for (const name of ['pipe.csv', 'loop.csv']) await rm(join(filesDir, 'in', name));
});

test('what an earlier attempt left is no file to read, and goes with the next one', async () => {
  const { dataset } = await runFileExtract(contextFor({ path: 'in/one.csv' }));
  const inputs = [{ taskId: 'rows', dataset: dataset! }];
  const runId = '01890000-0000-7000-8000-000000000001';
  const left = ['left.csv', 'other.csv'].map((name) => `${name}.${runId}-1.partial`);
  for (const name of left) await writeFile(join(filesDir, 'out', name), 'id\n1');
  await runFileLoad(contextFor({ path: 'out/left.csv' }, { inputs, runId, epoch: 2 }));
  const names = await readdir(join(filesDir, 'out'));
  expect(names).not.toContain(left[0]);
  expect(names).toContain(left[1]);
  expect((await extract({ path: 'out/{left,other}*', format: 'csv' })).rows).toBe(2);
});

test.each(['§', '"', '\n', ';;'])('%j separates no fields', (separator) => {
  const read = fileExtract.config.safeParse({ path: 'in/one.csv', separator });
  expect(read.error?.issues[0]?.path).toEqual(['separator']);
});

test('an executor without a folder for files refuses them', async () => {
  const context = contextFor({ path: 'in/one.csv' });
  const { filesDir: _, ...without } = context;
  await expect(runFileExtract(without)).rejects.toMatchObject({ code: 'FILE_FORBIDDEN' });
});

test('a parameter is a part of a name, and no path (F2)', async () => {
  const path = 'in/${{ params.which }}.csv';
  const params = (value: string) => ({ params: { which: { kind: 'string', value } as const } });
  expect((await extract({ path }, params('one'))).rows).toBe(2);
  for (const value of ['../../secret', '*', '..', '']) {
    await expect(extract({ path }, params(value))).rejects.toMatchObject({
      code: 'PARAMETER_INVALID',
    });
  }
});

test('no file is an error that says where was looked', async () => {
  await expect(extract({ path: 'in/none*.csv' })).rejects.toMatchObject({ code: 'FILE_NOT_FOUND' });
});

test.each(['csv', 'csv.gz', 'csv.zst', 'parquet', 'ndjson', 'ndjson.gz', 'arrow'])(
  'what is written as %s reads back the same',
  async (ending) => {
    const source = contextFor({
      path: 'in/one.csv',
      columns: [{ id: 'Int64' }, { name: 'String' }, { day: 'Date' }],
    });
    const { dataset } = await runFileExtract(source);
    const path = `out/rows.${ending}`;
    const written = contextFor({ path }, { inputs: [{ taskId: 'rows', dataset: dataset! }] });
    expect(await runFileLoad(written)).toMatchObject({ rows: 2 });
    expect((await readFile(join(filesDir, path))).length).toBeGreaterThan(0);
    const columns = [{ id: 'Int64' }, { name: 'String' }, { day: 'Date' }];
    expect((await extract({ path, columns })).preview).toEqual(ROWS);
  },
);

test('a folder that is not there is not made', async () => {
  const { dataset } = await runFileExtract(contextFor({ path: 'in/one.csv' }));
  const inputs = [{ taskId: 'rows', dataset: dataset! }];
  await expect(
    runFileLoad(contextFor({ path: 'nowhere/x.csv' }, { inputs })),
  ).rejects.toMatchObject({
    code: 'FILE_NOT_FOUND',
  });
});

/** Lets the partitions run while the lead stands, as an executor does. */
async function partsOf(
  config: TaskContext['config'],
  count: number,
  between?: () => Promise<unknown>,
) {
  const ending = new AbortController();
  const told = Promise.withResolvers<unknown>();
  const lead = { partitionCount: count, handOut: told.resolve, signal: ending.signal };
  const leading = leadFileExtract({ ...contextFor(config), ...lead });
  const handout = await told.promise;
  await between?.();
  const parts: { rows: number; preview: unknown }[] = [];
  try {
    for (let index = 0; index < count; index += 1)
      parts.push(await extract(config, { partition: { index, count, handout } }));
  } finally {
    ending.abort();
    await leading;
  }
  return parts;
}

test('partitions read whole files, each once, in the order of their names', async () => {
  const config = { path: 'in/{one,two,three}.csv*', format: 'csv' };
  const parts = await partsOf(config, 2);
  expect(parts.map(({ rows }) => rows)).toEqual([4, 2]);
  expect(parts.flatMap(({ preview }) => preview)).toEqual([...ROWS, ...ROWS, ...ROWS]);
});

test('a partition without a file has the columns of the others and no rows', async () => {
  const parts = await partsOf({ path: 'in/one.*', format: 'csv' }, 3);
  expect(parts.map(({ rows }) => rows)).toEqual([0, 2, 0]);
});

test('a file that comes between lead and partition is an error, not a row more', async () => {
  const late = join(filesDir, 'in/two-late.csv');
  const work = partsOf({ path: 'in/t*.csv*', format: 'csv' }, 2, () => writeFile(late, CSV));
  await expect(work).rejects.toMatchObject({
    code: 'FILE_INVALID',
    message: 'the files changed while they were read: 2 files were there, 3 are now',
  });
  await rm(late);
});

test('partitions whose files have other columns than the first file fail', async () => {
  const work = partsOf({ path: 'in/o{ne,ther}.*', format: 'csv' }, 2);
  await expect(work).rejects.toMatchObject({ code: 'COLUMN_MISMATCH' });
});

test('one file cannot be shared', () => {
  const whyNot = (path: string) => fileExtract.whyNoPartitions?.({ path })?.message;
  expect(whyNot('in/one.csv')).toBe('`partitions` share whole files, and `path` names one');
  expect(whyNot('in/*.csv')).toBeUndefined();
});
