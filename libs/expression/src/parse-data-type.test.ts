import fc from 'fast-check';
import { expect, test } from 'vitest';
import type { DataType } from './data-type.ts';
import { formatDataType } from './format-data-type.ts';
import { parseDataType } from './parse-data-type.ts';

const unit = fc.constantFrom('ms' as const, 'us' as const, 'ns' as const);
const { type } = fc.letrec<{ type: DataType }>((tie) => ({
  type: fc.oneof(
    { depthSize: 'small', withCrossShrink: true },
    fc.constantFrom<DataType>({ kind: 'int64' }, { kind: 'string' }, { kind: 'date' }),
    fc
      .tuple(fc.integer({ min: 1, max: 38 }), fc.nat(38))
      .map(([p, s]) => ({ kind: 'decimal', precision: p, scale: Math.min(p, s) }) as const),
    fc
      .tuple(unit, fc.constantFrom(null, 'UTC', 'Europe/Oslo'))
      .map(([u, timezone]) => ({ kind: 'datetime', unit: u, timezone }) as const),
    unit.map((u) => ({ kind: 'duration', unit: u }) as const),
    tie('type').map((inner) => ({ kind: 'list', inner }) as const),
    fc
      .uniqueArray(
        fc.string({ minLength: 1 }).filter((name) => !name.includes("'")),
        { maxLength: 3 },
      )
      .chain((names) =>
        fc.tuple(...names.map(() => tie('type'))).map((types) => ({
          kind: 'struct' as const,
          fields: names.map((name, index) => ({ name, type: types[index]! })),
        })),
      ),
  ),
}));

test('every type reads back from how it is written', () => {
  fc.assert(
    fc.property(type, (each) => {
      expect(parseDataType(formatDataType(each))).toEqual(each);
    }),
  );
});

test.each([
  ['pl.Int64', { kind: 'int64' }],
  ['Utf8', { kind: 'string' }],
  ['Datetime', { kind: 'datetime', unit: 'us', timezone: null }],
  [
    ' pl.List( pl.Datetime("ms") ) ',
    { kind: 'list', inner: { kind: 'datetime', unit: 'ms', timezone: null } },
  ],
])('%j is a type', (text, expected) => {
  expect(parseDataType(text)).toEqual(expected);
});

test.each([
  '',
  'int64',
  'Int65',
  'List',
  'List(Int64',
  'Decimal(39, 2)',
  'Decimal(2, 3)',
  'Int64 x',
  'constructor',
])('%j is no type', (text) => {
  expect(parseDataType(text)).toBeUndefined();
});

test('nesting without end is refused at once', () => {
  expect(parseDataType('List('.repeat(100_000))).toBeUndefined();
});
