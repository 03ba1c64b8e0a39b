import { mkdtemp, readFile, readdir, rm, symlink } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { contentHash } from '@floe/datasets/content-hash';
import fc from 'fast-check';
import pl from 'nodejs-polars';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { previewDataset } from '../src/arrow/preview-dataset.ts';
import { CopyDataset, type CopyDatasetOptions } from '../src/copy/dataset-from-copy.ts';
import { Oid, column, copyMessages, int16, int32, int64 } from './copy-bytes.ts';

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'floe-frame-'));
});
afterAll(() => rm(folder, { recursive: true }));

const columns = [column('flag', Oid.bool), column('number', Oid.int8), column('word', Oid.text)];

const row = fc.tuple(
  fc.option(fc.boolean().map((flag) => Buffer.from([flag ? 1 : 0]))),
  fc.option(fc.bigInt({ min: -(2n ** 63n), max: 2n ** 63n - 1n }).map(int64)),
  fc.option(fc.string({ unit: 'grapheme', maxLength: 40 }).map((text) => Buffer.from(text))),
);

type Options = Omit<CopyDatasetOptions, 'checkUtf8'> & { readonly checkUtf8?: boolean };

/** Writes the runs of messages as one part. */
async function writeRuns(runs: readonly Buffer[], options: Options) {
  await using dataset = await CopyDataset.create({ checkUtf8: false, ...options });
  const part = dataset.openPart();
  for (const run of runs) await part.receive(run);
  part.endCopy();
  await part.end();
  return await dataset.finish();
}

const writeRows = (rows: Parameters<typeof copyMessages>[0], options: Options) =>
  writeRuns([Buffer.concat(copyMessages(rows))], options);

/** The messages in runs that end at the places. */
function intoRuns(messages: readonly Buffer[], cuts: readonly number[]): Buffer[] {
  const places = [...cuts.map((each) => each % messages.length), messages.length];
  const sorted = [0, ...places.toSorted((a, b) => a - b)];
  return sorted.slice(1).map((end, index) => Buffer.concat(messages.slice(sorted[index], end)));
}

test('the same messages give the same file, however they are cut into runs (D1)', async () => {
  const rows = fc.array(row, { maxLength: 30 });
  const cuts = fc.array(fc.nat(), { maxLength: 20 });
  await fc.assert(
    fc.asyncProperty(rows, cuts, async (values, places) => {
      const messages = copyMessages(values);
      const [whole, split] = [join(folder, 'whole.ipc'), join(folder, 'split.ipc')];
      await writeRuns([Buffer.concat(messages)], { columns, path: whole });
      await writeRuns(intoRuns(messages, places), { columns, path: split });
      expect(await readFile(split)).toEqual(await readFile(whole));
    }),
    { numRuns: 60 },
  );
});

test('the hash that is made while writing is that of the file', async () => {
  const path = join(folder, 'hashed.ipc');
  const rows = Array.from({ length: 70_000 }, (_, index) => [int32(index)]);
  const facts = await writeRows(rows, { columns: [column('i', Oid.int4)], path });
  expect(facts.hash).toBe(await contentHash(path));
});

test('several parts become one file, each with all of its rows', async () => {
  const path = join(folder, 'parts.ipc');
  await using dataset = await CopyDataset.create({
    columns: [column('i', Oid.int4)],
    path,
    checkUtf8: false,
  });
  const [one, two] = [dataset.openPart(), dataset.openPart()];
  await one.receive(Buffer.concat(copyMessages([[int32(1)], [int32(2)]])));
  await two.receive(Buffer.concat(copyMessages([[int32(3)]])));
  two.endCopy();
  await two.receive(Buffer.concat(copyMessages([[int32(4)]])));
  for (const part of [one, two]) part.endCopy();
  await Promise.all([two.end(), one.end()]);
  expect(await dataset.finish()).toMatchObject({ rows: 4 });
  const { rows } = await previewDataset(path, 10);
  expect(new Set(rows.flat())).toEqual(new Set([1, 2, 3, 4]));
});

test('a second COPY that stops early is told from its first, which has ended', async () => {
  const path = join(folder, 'second.ipc');
  await using dataset = await CopyDataset.create({
    columns: [column('i', Oid.int4)],
    path,
    checkUtf8: false,
  });
  const part = dataset.openPart();
  await part.receive(Buffer.concat(copyMessages([[int32(1)]])));
  part.endCopy();
  await part.receive(Buffer.concat(copyMessages([[int32(2)]]).slice(0, -1)));
  expect(() => part.endCopy()).toThrow(
    expect.objectContaining({
      code: 'CONNECTION_FAILED',
      message: expect.stringContaining('after 2 rows'),
    }),
  );
});

test('a full disk is an error in words, and leaves no file', async () => {
  const path = join(folder, 'full.ipc');
  await symlink('/dev/full', `${path}.partial`);
  await expect(
    writeRows([[int32(1)]], { columns: [column('i', Oid.int4)], path }),
  ).rejects.toMatchObject({
    code: 'DATASET_STORE_UNAVAILABLE',
    message: expect.stringContaining('the disk is full'),
  });
  expect((await readdir(folder)).filter((name) => name.startsWith('full'))).toEqual([]);
});

test('Polars reads every type, NULL apart from the empty text', async () => {
  const path = join(folder, 'polars.ipc');
  const facts = await writeRows(
    [
      [
        int32(7),
        int64(9_007_199_254_740_993n),
        Buffer.from(''),
        numeric(0, [1, 5000], 2),
        int32(0),
        int64(1n),
        int64(0n),
      ],
      [null, null, null, null, null, null, null],
      [
        int32(-1),
        int64(-1n),
        Buffer.from('a text of more than twelve'),
        numeric(-1, [2500], 2),
        int32(-10_957),
        int64(86_399_999_999n),
        int64(-946_684_800_000_001n),
      ],
    ],
    {
      columns: [
        column('i', Oid.int4),
        column('b', Oid.int8),
        column('s', Oid.text),
        column('n', Oid.numeric, 4 + (10 << 16) + 2),
        column('d', Oid.date),
        column('t', Oid.time),
        column('ts', Oid.timestamptz),
      ],
      path,
    },
  );
  expect(facts.rows).toBe(3);
  const texts = await pl
    .scanIPC(path)
    // As text a time loses its fraction; as a number it is nanoseconds.
    .withColumns(pl.col('t').cast(pl.Int64))
    .select(pl.all().cast(pl.String))
    .collect();
  expect(texts.rows()).toEqual([
    ['7', '9007199254740993', '', '1.50', '2000-01-01', '1000', '2000-01-01 00:00:00.000000+00:00'],
    [null, null, null, null, null, null, null],
    [
      '-1',
      '-1',
      'a text of more than twelve',
      '0.25',
      '1970-01-01',
      '86399999999000',
      '1969-12-31 23:59:59.999999+00:00',
    ],
  ]);
});

/** The wire form: digits of base 10,000, the first counts 10,000^weight. */
function numeric(weight: number, digits: readonly number[], scale: number): Buffer {
  const head = [int16(digits.length), int16(weight), int16(0), int16(scale)];
  return Buffer.concat([...head, ...digits.map(int16)]);
}

test('batches end after 8,192 rows, and rows keep their order across them', async () => {
  const path = join(folder, 'batches.ipc');
  const count = 150_000;
  const rows = Array.from({ length: count }, (_, index) => [
    int32(index),
    Buffer.from(`row number ${index}`),
  ]);
  const facts = await writeRows(rows, {
    columns: [column('i', Oid.int4), column('s', Oid.text)],
    path,
  });
  expect(facts.rows).toBe(count);
  const wrong = await pl
    .scanIPC(path)
    .withRowIndex('place')
    .filter(
      pl
        .col('i')
        .neq(pl.col('place'))
        .or(pl.format('row number {}', pl.col('i')).neq(pl.col('s'))),
    )
    .collect();
  expect(wrong.height).toBe(0);
  expect((await pl.scanIPC(path).collect()).height).toBe(count);
});

test.each([
  ['date', Oid.date, int32(0x7fffffff), 'infinity'],
  ['date', Oid.date, int32(-0x80000000), '-infinity'],
  ['timestamptz', Oid.timestamptz, int64(2n ** 63n - 1n), 'infinity'],
  ['timestamptz', Oid.timestamptz, int64(-(2n ** 63n)), '-infinity'],
  ['timestamptz', Oid.timestamptz, int64(9_223_371_331_199_999_999n), 'after the year 294246'],
  ['time', Oid.time, int64(86_400_000_000n), '24:00:00'],
  ['int4', Oid.int4, int64(1n), '8 bytes instead of 4'],
])(
  'a %s (%i) that has no exact form is refused with column and row (D3)',
  async (_, oid, value, reason) => {
    const good = oid === Oid.date || oid === Oid.int4 ? int32(1) : int64(1n);
    const path = join(folder, 'refused.ipc');
    await expect(
      writeRows([[good], [null], [value]], {
        columns: [column('when', oid)],
        path,
      }),
    ).rejects.toMatchObject({
      code: 'VALUE_INVALID',
      message: expect.stringContaining(reason),
      details: { column: 'when', row: '3' },
    });
    expect((await readdir(folder)).filter((name) => name.startsWith('refused'))).toEqual([]);
  },
);

test.each([
  [0xc000, 'NaN'],
  [0xd000, 'Infinity'],
  [0xf000, '-Infinity'],
])('numeric of sign %i is refused in words', async (sign, word) => {
  const value = Buffer.concat([int16(0), int16(0), Buffer.from([sign >> 8, sign & 255]), int16(0)]);
  await expect(
    writeRows([[value]], {
      columns: [column('n', Oid.numeric, 4 + (10 << 16) + 2)],
      path: join(folder, 'nan.ipc'),
    }),
  ).rejects.toMatchObject({
    code: 'VALUE_INVALID',
    message: expect.stringContaining(`it is ${word},`),
  });
});

test('text that is not UTF-8 is refused where the server does not vouch for it', async () => {
  const options = { columns: [column('s', Oid.text)], path: join(folder, 'latin.ipc') };
  await expect(
    writeRows([[Buffer.from([0xe6])]], {
      ...options,
      checkUtf8: true,
    }),
  ).rejects.toMatchObject({ code: 'VALUE_INVALID', details: { column: 's', row: '1' } });
});

test('a stream that stops before its trailer leaves no file (D4)', async () => {
  const messages = copyMessages([[int32(1)], [int32(2)]]);
  const path = join(folder, 'short.ipc');
  await expect(
    writeRuns(messages.slice(0, -1), {
      columns: [column('i', Oid.int4)],
      path,
    }),
  ).rejects.toMatchObject({
    code: 'CONNECTION_FAILED',
    message: expect.stringContaining('after 2 rows'),
  });
  expect((await readdir(folder)).filter((name) => name.startsWith('short'))).toEqual([]);
});

test('two columns of one name are refused', async () => {
  await expect(
    writeRuns([], {
      columns: [column('a', Oid.int4), column('a', Oid.int4)],
      path: join(folder, 'none.ipc'),
    }),
  ).rejects.toMatchObject({ code: 'COLUMN_MISMATCH', details: { column: 'a' } });
});
