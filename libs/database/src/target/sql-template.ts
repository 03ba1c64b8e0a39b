import { FloeError } from '@floe/errors';
import { escapeLiteral } from 'pg';

export type SqlValueType =
  | 'boolean'
  | 'bigint'
  | 'double precision'
  | 'numeric'
  | 'text'
  | 'date'
  | 'timestamp'
  | 'timestamptz';

/** A value for a statement: its text in PostgreSQL's own notation. NULL takes its type from where it stands. */
export type SqlValue =
  | { readonly type: SqlValueType; readonly text: string }
  | { readonly type: 'null' };

/** A query as its author wrote it, cut where values go. `source` is what the author wrote in the value's place. */
export type SqlTemplate = readonly (
  | { readonly kind: 'sql'; readonly sql: string }
  | { readonly kind: 'value'; readonly source: string; readonly value: SqlValue }
)[];

const NOTATIONS: Readonly<Record<SqlValueType, RegExp>> = {
  boolean: /^(?:true|false)$/,
  bigint: /^-?\d{1,19}$/,
  'double precision': /^(?:-?\d+(?:\.\d+)?(?:e[+-]?\d{1,3})?|NaN|-?Infinity)$/i,
  numeric: /^-?\d{1,1000}(?:\.\d{1,1000})?$/,
  text: /^[^\0]*$/,
  date: /^\d{4}-\d{2}-\d{2}$/,
  timestamp: /^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}(?:\.\d{1,6})?$/,
  timestamptz: /^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}(?:\.\d{1,6})?(?:Z|[+-]\d{2}:\d{2})$/,
};

/**
 * A value as SQL text, for the one statement that takes no bind parameters: COPY.
 *
 * Nothing of the value is ever read as SQL: its notation is checked against its type, it is quoted by the driver's
 * `escapeLiteral`, which is right whatever `standard_conforming_strings` is, and its type is one of a closed list,
 * given by a cast. The place where it goes is not trusted either: see `describeQuery`, which has PostgreSQL prove with
 * real bind parameters that every place is one where a value may stand, and not the inside of a string or comment.
 */
export function renderTypedLiteral(value: SqlValue): string {
  if (value.type === 'null') return 'null';
  if (!NOTATIONS[value.type].test(value.text) || !value.text.isWellFormed())
    throw new FloeError(
      'PARAMETER_INVALID',
      `a parameter is no ${value.type} that PostgreSQL reads`,
      {
        hint: 'text must be Unicode without the character NUL; dates are written 2001-12-31',
      },
    );
  return `cast(${escapeLiteral(value.text).trim()} as ${value.type})`;
}

/** The statement with every value in it as a literal. */
export function renderWithLiterals(template: SqlTemplate): string {
  return template
    .map((part) => (part.kind === 'sql' ? part.sql : renderTypedLiteral(part.value)))
    .join('');
}

export type BoundSql = {
  readonly sql: string;
  readonly valueCount: number;
  /** Where a character of `sql` is in the author's text; both count from 0. */
  toSource(offset: number): number;
};

function renderParameter(value: SqlValue, number: number): string {
  return value.type === 'null' ? 'null' : `cast($${number} as ${value.type})`;
}

/** The statement with `cast($n as type)` for every value, each its own parameter even when a name repeats; NULL is a word. */
export function renderWithParameters(template: SqlTemplate): BoundSql {
  let sql = '';
  let source = 0;
  let valueCount = 0;
  const starts: { readonly sql: number; readonly source: number; readonly isValue: boolean }[] = [];
  for (const part of template) {
    starts.push({ sql: sql.length, source, isValue: part.kind === 'value' });
    if (part.kind === 'value' && part.value.type !== 'null') valueCount += 1;
    sql += part.kind === 'sql' ? part.sql : renderParameter(part.value, valueCount);
    source += part.kind === 'sql' ? part.sql.length : part.source.length;
  }
  return {
    sql,
    valueCount,
    toSource(offset) {
      const start = starts.findLast((each) => each.sql <= offset);
      if (start === undefined) return 0;
      return start.isValue ? start.source : start.source + (offset - start.sql);
    },
  };
}
