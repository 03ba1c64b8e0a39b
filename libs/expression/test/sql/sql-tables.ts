import fc from 'fast-check';
import pl from 'nodejs-polars';
import type { DataType, Schema } from '../../src/index.ts';
import type { Lazy } from '../execute-plan.ts';

type Kinds = Readonly<Record<string, DataType>>;

const int64 = { kind: 'int64' } as const;
const string = { kind: 'string' } as const;
const T: Kinds = {
  id: int64,
  a: int64,
  b: int64,
  f: { kind: 'float64' },
  s: string,
  g: string,
  o: { kind: 'boolean' },
  d: { kind: 'date' },
  m: { kind: 'datetime', unit: 'us', timezone: null },
  l: { kind: 'list', inner: int64 },
  st: {
    kind: 'struct',
    fields: [
      { name: 'x', type: int64 },
      { name: 'y', type: string },
    ],
  },
};

const schemaOf = (kinds: Kinds): Schema =>
  Object.entries(kinds).map(([name, type]) => ({ name, type }));

/** The tables over which the statements run. */
export const SQL_SCHEMAS: Readonly<Record<'t' | 'u' | 'w', Schema>> = {
  t: schemaOf(T),
  u: schemaOf({ g: string, v: int64, k: int64 }),
  w: schemaOf({ k: int64, z: int64 }),
};

const maybe = <T>(value: fc.Arbitrary<T>): fc.Arbitrary<T | null> =>
  fc.option(value, { nil: null, freq: 5 });
const small = fc.integer({ min: -2, max: 4 });
const group = maybe(fc.constantFrom('x', 'y', 'z'));
const DAY_MS = 86_400_000;
const DAYS = ['2024-01-31', '2023-12-25', '2024-02-29', '2024-01-01'];

const row = {
  a: maybe(small),
  b: maybe(small),
  f: maybe(fc.constantFrom(0.5, 1.25, -2.75, 3, 0)),
  s: maybe(fc.constantFrom('abc', 'aab', 'b', '', "it's", 'ABC', ' ab ')),
  g: group,
  o: maybe(fc.boolean()),
  d: maybe(fc.constantFrom(...DAYS)),
  m: maybe(fc.constantFrom('2024-01-01T10:00:00', '2024-01-31T23:59:58.5', '2023-06-01T00:00:00')),
  l: maybe(fc.array(small, { minLength: 1, maxLength: 3 })),
  x: maybe(small),
  y: maybe(fc.constantFrom('p', 'q')),
};

/** Rows of all tables; every value can be missing. */
export const sqlTables = fc.record({
  t: fc.array(fc.record(row), { minLength: 1, maxLength: 8 }),
  u: fc.array(fc.record({ g: group, v: maybe(small), k: maybe(small) }), {
    minLength: 1,
    maxLength: 5,
  }),
  w: fc.array(fc.record({ k: maybe(small), z: maybe(small) }), { minLength: 1, maxLength: 5 }),
});

export type SqlTables = typeof sqlTables extends fc.Arbitrary<infer Tables> ? Tables : never;

export function toLazyTables({ t, u, w }: SqlTables): Record<'t' | 'u' | 'w', Lazy> {
  const ints = (name: string, values: readonly (number | null)[]) =>
    pl.Series(name, [...values], pl.Int64);
  const texts = (name: string, values: readonly (string | null)[]) =>
    pl.Series(name, [...values], pl.Utf8);
  const strings = pl.DataFrame([
    ints(
      'id',
      t.map((_, index) => index),
    ),
    ints(
      'a',
      t.map(({ a }) => a),
    ),
    ints(
      'b',
      t.map(({ b }) => b),
    ),
    pl.Series(
      'f',
      t.map(({ f }) => f),
      pl.Float64,
    ),
    texts(
      's',
      t.map(({ s }) => s),
    ),
    texts(
      'g',
      t.map(({ g }) => g),
    ),
    pl.Series(
      'o',
      t.map(({ o }) => o),
      pl.Bool,
    ),
    ints(
      'd',
      t.map(({ d }) => (d === null ? null : Date.parse(d) / DAY_MS)),
    ),
    ints(
      'm',
      t.map(({ m }) => (m === null ? null : Date.parse(`${m}Z`) * 1_000)),
    ),
    texts(
      'l',
      t.map(({ l }) => l?.join() ?? null),
    ),
    ints(
      'x',
      t.map(({ x }) => x),
    ),
    texts(
      'y',
      t.map(({ y }) => y),
    ),
  ]);
  const table = strings
    .lazy()
    .withColumns(
      pl.col('d').cast(pl.Int32).cast(pl.Date),
      pl.col('m').cast(pl.Datetime('us')),
      pl.col('l').str.split(',').cast(pl.List(pl.Int64)),
      pl.struct([pl.col('x'), pl.col('y')]).alias('st'),
    )
    .drop('x', 'y')
    .collectSync();
  const other = pl.DataFrame([
    texts(
      'g',
      u.map(({ g }) => g),
    ),
    ints(
      'v',
      u.map(({ v }) => v),
    ),
    ints(
      'k',
      u.map(({ k }) => k),
    ),
  ]);
  const third = pl.DataFrame([
    ints(
      'k',
      w.map(({ k }) => k),
    ),
    ints(
      'z',
      w.map(({ z }) => z),
    ),
  ]);
  return { t: table.lazy() as Lazy, u: other.lazy() as Lazy, w: third.lazy() as Lazy };
}
