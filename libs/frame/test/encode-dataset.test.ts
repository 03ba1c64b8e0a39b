import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import pl, { type DataFrame, type Series } from 'nodejs-polars';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { previewDataset } from '../src/arrow/preview-dataset.ts';
import { findRow, readRow } from '../src/arrow/read-row.ts';
import { encodeDataset } from '../src/copy/encode-dataset.ts';
import { type LoadPlan, planLoadColumns } from '../src/copy/plan-load-columns.ts';
import { readDatasetFacts } from '../src/polars/sink-dataset.ts';
import { Oid, column, copyBytes, int32, int64 } from './copy-bytes.ts';

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'floe-encode-'));
});
afterAll(() => rm(folder, { recursive: true }));

/** The published types know no BigInt64Array, the only exact way to 64-bit integers. */
function int64Series(name: string, values: readonly bigint[]): Series {
  return pl.Series(name, BigInt64Array.from(values) as unknown as number[]);
}

async function sink(frame: DataFrame, name: string): Promise<string> {
  const path = join(folder, `${name}.ipc`);
  await frame.lazy().sinkIpc(path).collect();
  return path;
}

async function encode(paths: string | readonly string[], plan: LoadPlan): Promise<Buffer> {
  const pieces: Buffer[] = [];
  for await (const piece of encodeDataset([paths].flat(), plan)) pieces.push(Buffer.from(piece));
  return Buffer.concat(pieces);
}

test('what Polars sinks is encoded as PostgreSQL reads it', async () => {
  const frame = pl
    .DataFrame({
      n: pl.Series('n', [1, null, 3], pl.UInt32),
      s: ['short', null, 'one of more than twelve bytes'],
      b: [true, false, null],
      c: pl.Series('c', ['x', 'y', 'x'], pl.Utf8).cast(pl.Categorical),
    })
    .withColumns(pl.lit(null).alias('z'));
  const plan = [
    { source: 's', target: column('s', Oid.text) },
    { source: 'n', target: column('n', Oid.int8) },
    { source: 'b', target: column('b', Oid.bool) },
    { source: 'c', target: column('c', Oid.jsonb) },
    { source: 'z', target: column('z', Oid.int4) },
  ];
  expect(await encode(await sink(frame, 'mixed'), plan)).toEqual(
    copyBytes([
      [Buffer.from('short'), int64(1n), Buffer.from([1]), Buffer.from('\u0001x'), null],
      [null, null, Buffer.from([0]), Buffer.from('\u0001y'), null],
      [Buffer.from('one of more than twelve bytes'), int64(3n), null, Buffer.from('\u0001x'), null],
    ]),
  );
});

test('the files of a dataset are one COPY, whose rows are counted over all of them', async () => {
  const [one, none, two] = [
    await sink(pl.DataFrame({ s: ['a', 'b'] }), 'part-1'),
    await sink(pl.DataFrame({ s: ['x'] }).head(0), 'part-2'),
    await sink(pl.DataFrame({ s: ['c', 'no-uuid'] }), 'part-3'),
  ];
  const texts = ['a', 'b', 'c', 'no-uuid'].map((text) => [Buffer.from(text)]);
  const plan = [{ source: 's', target: column('s', Oid.text) }];
  expect(await encode([one, none, two], plan)).toEqual(copyBytes(texts));
  expect(await readRow([one, none, two], 4)).toEqual({ s: 'no-uuid' });
  expect(await findRow([one, none, two], ['s'], 'c')).toBe(3);
  await expect(
    encode([none, two], [{ source: 's', target: column('s', 2950) }]),
  ).rejects.toMatchObject({ details: { column: 's', row: '1' } });
});

test('a frame without rows is a COPY without rows', async () => {
  const path = await sink(pl.DataFrame({ s: ['x'] }).filter(pl.col('s').eq(pl.lit('y'))), 'empty');
  expect(await encode(path, [{ source: 's', target: column('s', Oid.text) }])).toEqual(
    copyBytes([]),
  );
  expect(await readDatasetFacts(path)).toMatchObject({ rows: 0 });
});

test.each([
  ['int2', 21, [1, 32_768], '32768 is out of range for smallint'],
  ['int4', Oid.int4, [1, -2_147_483_649], '-2147483649 is out of range for integer'],
])(
  'an integer beyond %s is refused with row, column and value',
  async (name, oid, values, reason) => {
    const frame = pl.DataFrame({ big: int64Series('big', values.map(BigInt)) });
    const path = await sink(frame, `range-${name}`);
    await expect(encode(path, [{ source: 'big', target: column('t', oid) }])).rejects.toMatchObject(
      {
        code: 'VALUE_INVALID',
        message: expect.stringContaining(reason),
        details: { column: 'big', row: '2' },
      },
    );
  },
);

test('a text that is no UUID is refused with row, column and value', async () => {
  const frame = pl.DataFrame({ id: ['00000000-0000-0000-0000-000000000000', 'not-a-uuid'] });
  const path = await sink(frame, 'uuid');
  await expect(encode(path, [{ source: 'id', target: column('id', 2950) }])).rejects.toMatchObject({
    code: 'VALUE_INVALID',
    message: expect.stringContaining('"not-a-uuid" is not a UUID'),
    details: { column: 'id', row: '2' },
  });
});

test('milliseconds and days become microseconds and days since 2000', async () => {
  const frame = pl
    .DataFrame({ ms: int64Series('ms', [0n]), day: pl.Series('day', [0], pl.Int32) })
    .withColumns(pl.col('ms').cast(pl.Datetime('ms')), pl.col('day').cast(pl.Date));
  const path = await sink(frame, 'times');
  const plan = [
    { source: 'ms', target: column('ms', 1114) },
    { source: 'day', target: column('day', Oid.date) },
  ];
  expect(await encode(path, plan)).toEqual(
    copyBytes([[int64(-946_684_800_000_000n), int32(-10_957)]]),
  );
});

test('lists, structs and decimals are shown in a preview, exactly', async () => {
  const frame = pl
    .DataFrame({ l: [['a', 'b'], []], n: [1.25, 2], big: int64Series('big', [2n ** 60n, 1n]) })
    .withColumns(
      pl.col('n').cast(pl.Decimal(10, 2)),
      pl.struct([pl.col('n'), pl.col('big')]).alias('pair'),
    );
  const { rows, schema } = await previewDataset(await sink(frame, 'nested'), 10);
  expect(rows).toEqual([
    [['a', 'b'], '1.25', '1152921504606846976', { n: 1.25, big: '1152921504606846976' }],
    [[], '2.00', 1, { n: 2, big: 1 }],
  ]);
  expect(schema[0]).toEqual({ name: 'l', type: { kind: 'list', inner: { kind: 'string' } } });
});

test('a file that is not whole is a missing dataset', async () => {
  await expect(readDatasetFacts(import.meta.filename)).rejects.toMatchObject({
    code: 'DATASET_MISSING',
  });
  await expect(readDatasetFacts(join(folder, 'never.ipc'))).rejects.toMatchObject({
    code: 'DATASET_MISSING',
  });
});

const table = [
  { ...column('id', Oid.int4), isNullable: false, hasDefault: true, isGenerated: false },
  { ...column('name', Oid.text), isNullable: false, hasDefault: false, isGenerated: false },
  {
    ...column('price', Oid.numeric, 4 + (10 << 16) + 2),
    isNullable: true,
    hasDefault: false,
    isGenerated: false,
  },
  { ...column('sum', Oid.int4), isNullable: true, hasDefault: false, isGenerated: true },
];

test('every misfit of a load is named at once, with its mend', () => {
  const schema = [
    { name: 'nmae', type: { kind: 'string' } },
    { name: 'price', type: { kind: 'float64' } },
    { name: 'sum', type: { kind: 'int32' } },
    { name: 'id', type: { kind: 'list', inner: { kind: 'int32' } } },
  ] as const;
  expect(() => planLoadColumns(schema, table)).toThrow(
    expect.objectContaining({
      code: 'COLUMN_MISMATCH',
      violations: [
        expect.objectContaining({ field: 'nmae', hint: 'did you mean "name"?' }),
        expect.objectContaining({
          field: 'price',
          hint: 'add .cast(pl.Decimal(38, 2)) in the transform',
        }),
        expect.objectContaining({ field: 'sum', hint: 'drop "sum" in the transform' }),
        expect.objectContaining({ field: 'id', hint: expect.stringContaining('explode') }),
        expect.objectContaining({ field: 'name', message: expect.stringContaining('not null') }),
      ],
    }),
  );
});

test('columns go by the names of the task, and defaults fill what is not given', () => {
  const schema = [{ name: 'title', type: { kind: 'string' } }] as const;
  expect(planLoadColumns(schema, table, { title: 'name' })).toMatchObject([
    { source: 'title', target: { name: 'name' } },
  ]);
});

test('a decimal that PostgreSQL would round is refused', () => {
  const schema = [
    { name: 'name', type: { kind: 'string' } },
    { name: 'price', type: { kind: 'decimal', precision: 10, scale: 3 } },
  ] as const;
  expect(() => planLoadColumns(schema, table)).toThrow(
    expect.objectContaining({ code: 'COLUMN_MISMATCH' }),
  );
});
