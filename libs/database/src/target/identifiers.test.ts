import fc from 'fast-check';
import { expect, test } from 'vitest';
import { parseTableName, quoteIdentifier, quoteTableName } from './identifiers.ts';

test.each([
  ['flights', undefined, 'flights'],
  ['analytics.late_flights', 'analytics', 'late_flights'],
  ['"odd.schema"."odd ""table"""', 'odd.schema', 'odd "table"'],
  ['Analytics.Späte', 'Analytics', 'Späte'],
])('%s is a table name', (text, schema, table) => {
  expect(parseTableName(text)).toEqual({ schema, table });
});

test.each(['', '.', 'a.', '.a', 'a.b.c', 'a b', 'a; drop table b', '"a', 'a"b"', '"a"b'])(
  '%j is no table name',
  (text) => {
    expect(() => parseTableName(text)).toThrow(
      expect.objectContaining({ code: 'ARGUMENT_INVALID' }),
    );
  },
);

test('a quoted name reads back as it was', () => {
  const name = fc
    .string({ unit: 'grapheme', minLength: 1, maxLength: 12 })
    .filter((each) => !each.includes('\0'));
  fc.assert(
    fc.property(name, name, (schema, table) => {
      fc.pre(Buffer.byteLength(schema) <= 63 && Buffer.byteLength(table) <= 63);
      expect(parseTableName(quoteTableName({ schema, table }))).toEqual({ schema, table });
    }),
  );
});

test('names that PostgreSQL would cut are refused', () => {
  expect(() => quoteIdentifier('x'.repeat(64))).toThrow(
    expect.objectContaining({ code: 'ARGUMENT_INVALID' }),
  );
  expect(() => quoteIdentifier('')).toThrow(expect.objectContaining({ code: 'ARGUMENT_INVALID' }));
});
