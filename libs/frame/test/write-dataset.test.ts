import { mkdtemp, readFile, readdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import pl from 'nodejs-polars';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { previewDataset } from '../src/arrow/preview-dataset.ts';
import { writeDatasetFromCopy } from '../src/copy/write-dataset.ts';
import { Oid, column, copyBytes, int16, int32, int64, pieces } from './copy-bytes.ts';

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

function cut(bytes: Buffer, cuts: readonly number[]): Buffer[] {
  const places = [
    0,
    ...cuts.map((each) => each % bytes.length).toSorted((a, b) => a - b),
    bytes.length,
  ];
  return places.slice(1).map((end, index) => bytes.subarray(places[index], end));
}

test('every split of the stream gives the same file (D1)', async () => {
  const rows = fc.array(row, { maxLength: 30 });
  const cuts = fc.array(fc.nat(), { maxLength: 60 });
  await fc.assert(
    fc.asyncProperty(rows, cuts, async (values, places) => {
      const bytes = copyBytes(values);
      const [whole, split] = [join(folder, 'whole.ipc'), join(folder, 'split.ipc')];
      const options = { columns, checkUtf8: false };
      await writeDatasetFromCopy(pieces(bytes), { ...options, path: whole });
      await writeDatasetFromCopy(pieces(...cut(bytes, places)), { ...options, path: split });
      expect(await readFile(split)).toEqual(await readFile(whole));
    }),
    { numRuns: 60 },
  );
});

test('one byte at a time is a split too (D1)', async () => {
  const path = join(folder, 'bytes.ipc');
  const bytes = copyBytes([[Buffer.from([1]), int64(-5n), Buffer.from('more than twelve bytes')]]);
  const single = [...bytes].map((_, index) => bytes.subarray(index, index + 1));
  await writeDatasetFromCopy(pieces(...single), { columns, path, checkUtf8: false });
  const { rows } = await previewDataset(path, 10);
  expect(rows).toEqual([[true, -5, 'more than twelve bytes']]);
});

test('Polars reads every type, NULL apart from the empty text', async () => {
  const path = join(folder, 'polars.ipc');
  const facts = await writeDatasetFromCopy(
    pieces(
      copyBytes([
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
      ]),
    ),
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
      checkUtf8: false,
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

test('batches end after 65,536 rows, and rows keep their order across them', async () => {
  const path = join(folder, 'batches.ipc');
  const count = 150_000;
  const rows = Array.from({ length: count }, (_, index) => [
    int32(index),
    Buffer.from(`row number ${index}`),
  ]);
  const facts = await writeDatasetFromCopy(pieces(copyBytes(rows)), {
    columns: [column('i', Oid.int4), column('s', Oid.text)],
    path,
    checkUtf8: false,
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
      writeDatasetFromCopy(pieces(copyBytes([[good], [null], [value]])), {
        columns: [column('when', oid)],
        path,
        checkUtf8: false,
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
    writeDatasetFromCopy(pieces(copyBytes([[value]])), {
      columns: [column('n', Oid.numeric, 4 + (10 << 16) + 2)],
      path: join(folder, 'nan.ipc'),
      checkUtf8: false,
    }),
  ).rejects.toMatchObject({
    code: 'VALUE_INVALID',
    message: expect.stringContaining(`it is ${word},`),
  });
});

test('text that is not UTF-8 is refused where the server does not vouch for it', async () => {
  const options = { columns: [column('s', Oid.text)], path: join(folder, 'latin.ipc') };
  await expect(
    writeDatasetFromCopy(pieces(copyBytes([[Buffer.from([0xe6])]])), {
      ...options,
      checkUtf8: true,
    }),
  ).rejects.toMatchObject({ code: 'VALUE_INVALID', details: { column: 's', row: '1' } });
});

test('a stream that stops before its trailer leaves no file (D4)', async () => {
  const bytes = copyBytes([[int32(1)], [int32(2)]]);
  const path = join(folder, 'short.ipc');
  await expect(
    writeDatasetFromCopy(pieces(bytes.subarray(0, -2)), {
      columns: [column('i', Oid.int4)],
      path,
      checkUtf8: false,
    }),
  ).rejects.toMatchObject({
    code: 'CONNECTION_FAILED',
    message: expect.stringContaining('after 2 rows'),
  });
  expect((await readdir(folder)).filter((name) => name.startsWith('short'))).toEqual([]);
});

test('columns that cannot be moved are all named, with the cast that helps', async () => {
  const interval = {
    name: 'pause',
    type: { oid: 1186, name: 'interval', modifier: -1, isEnum: false },
  };
  await expect(
    writeDatasetFromCopy(pieces(), {
      columns: [interval, column('price', Oid.numeric), column('fine', Oid.int4)],
      path: join(folder, 'none.ipc'),
      checkUtf8: false,
    }),
  ).rejects.toMatchObject({
    code: 'TYPE_UNSUPPORTED',
    violations: [
      {
        field: 'pause',
        message: expect.stringContaining('interval'),
        hint: expect.stringContaining('pause::text'),
      },
      { field: 'price', hint: expect.stringContaining('price::numeric') },
    ],
  });
});

test('two columns of one name are refused', async () => {
  await expect(
    writeDatasetFromCopy(pieces(), {
      columns: [column('a', Oid.int4), column('a', Oid.int4)],
      path: join(folder, 'none.ipc'),
      checkUtf8: false,
    }),
  ).rejects.toMatchObject({ code: 'COLUMN_MISMATCH', details: { column: 'a' } });
});
