import { expect, test } from 'vitest';
import type { DataType } from './data-type.ts';
import { formatDataType, sameType } from './format-data-type.ts';

test.each<[DataType, string]>([
  [{ kind: 'int64' }, 'Int64'],
  [{ kind: 'datetime', unit: 'us', timezone: 'UTC' }, "Datetime('us', 'UTC')"],
  [{ kind: 'datetime', unit: 'ms', timezone: null }, "Datetime('ms', None)"],
  [{ kind: 'list', inner: { kind: 'int64' } }, 'List(Int64)'],
  [{ kind: 'decimal', precision: 10, scale: 2 }, 'Decimal(10, 2)'],
  [{ kind: 'struct', fields: [{ name: 'x', type: { kind: 'int8' } }] }, "Struct({'x': Int8})"],
])('prints %o as Polars does', (type, text) => {
  expect(formatDataType(type)).toBe(text);
});

test('types are the same only in all their parts', () => {
  const of = (timezone: string | null): DataType => ({ kind: 'datetime', unit: 'us', timezone });
  expect(sameType(of('UTC'), of('UTC'))).toBe(true);
  expect(sameType(of('UTC'), of(null))).toBe(false);
});
