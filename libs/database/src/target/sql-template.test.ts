import fc from 'fast-check';
import { expect, test } from 'vitest';
import {
  type SqlTemplate,
  renderTypedLiteral,
  renderWithLiterals,
  renderWithParameters,
} from './sql-template.ts';

/** Reads a literal back as PostgreSQL's scanner does, and fails on anything that is not one literal in one cast. */
function readLiteral(sql: string): string {
  const match = /^cast\((E?)'((?:[^'\\]|''|\\\\|\\(?!\\))*)' as [a-z ]+\)$/s.exec(sql);
  if (match === null) throw new Error(`no literal: ${sql}`);
  const [, escaped, body = ''] = match;
  const text = body.replaceAll("''", "'");
  return escaped === 'E' ? text.replaceAll('\\\\', '\\') : text;
}

const HOSTILE = [
  "'",
  "''",
  "\\'",
  "'; drop table x; --",
  '$1',
  '$$',
  '/*',
  '*/',
  '--',
  '\\',
  "\\'; --",
  '\n',
  "E'",
  '${{',
];

test('a text can never leave its quotes', () => {
  const text = fc
    .array(fc.oneof(fc.constantFrom(...HOSTILE), fc.string({ unit: 'grapheme' })))
    .map((parts) => parts.join(''))
    .filter((each) => !each.includes('\0') && each.isWellFormed());
  fc.assert(
    fc.property(text, (value) => {
      expect(readLiteral(renderTypedLiteral({ type: 'text', text: value }))).toBe(value);
    }),
    { numRuns: 1000 },
  );
});

test.each([
  ['date', "2001-01-01'"],
  ['date', 'today'],
  ['bigint', '1 or true'],
  ['double precision', '1e9999x'],
  ['boolean', 't; drop'],
  ['timestamptz', '2001-01-01T00:00:00'],
  ['text', 'a\0b'],
  ['text', 'lone \ud800 surrogate'],
] as const)('a %s written as %j is refused', (type, text) => {
  expect(() => renderTypedLiteral({ type, text })).toThrow(
    expect.objectContaining({ code: 'PARAMETER_INVALID' }),
  );
});

const template: SqlTemplate = [
  { kind: 'sql', sql: 'select * from t where a = ' },
  { kind: 'value', source: '${{ params.a }}', value: { type: 'bigint', text: '7' } },
  { kind: 'sql', sql: ' and b is not distinct from ' },
  { kind: 'value', source: '${{ params.b }}', value: { type: 'null' } },
  { kind: 'sql', sql: ' and c > ' },
  { kind: 'value', source: '${{params.a}}', value: { type: 'bigint', text: '7' } },
  { kind: 'sql', sql: ' order by d' },
];

test('every value gets its own parameter, NULL is a word', () => {
  expect(renderWithParameters(template)).toMatchObject({
    sql: 'select * from t where a = cast($1 as bigint) and b is not distinct from null and c > cast($2 as bigint) order by d',
    valueCount: 2,
  });
  expect(renderWithLiterals(template)).toBe(
    "select * from t where a = cast('7' as bigint) and b is not distinct from null and c > cast('7' as bigint) order by d",
  );
});

test('a place in the sent statement leads back to the text of the author', () => {
  const bound = renderWithParameters(template);
  const source = template.map((part) => (part.kind === 'sql' ? part.sql : part.source)).join('');
  expect(bound.toSource(bound.sql.indexOf('order'))).toBe(source.indexOf('order'));
  expect(bound.toSource(bound.sql.indexOf('$2'))).toBe(source.indexOf('${{params.a}}'));
  expect(bound.toSource(0)).toBe(0);
});
