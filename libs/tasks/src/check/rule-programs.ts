import { FloeError } from '@floe/errors';
import type { DataType, Schema } from '@floe/expression';
import { parseDurationMs } from '@floe/workflow/duration';
import type { Rule } from './rules.ts';
import { readTime } from './time-text.ts';

/** The name that the rows to check have in the programs. */
export const ROWS = 'rows';

/**
 * The Polars program that gives the rows which break a rule; undefined for rules about the rows as a whole. Names and
 * values of the document become literals of the program, so that nothing of them is read as Polars. The schema, where it is known,
 * says what texts stand for.
 */
export function failingRows(rule: Rule, schema?: Schema): string | undefined {
  if (rule.not_null !== undefined)
    return rowsWhere(anyOf(rule.not_null.map((name) => `${col(name)}.is_null()`)));
  if (rule.unique !== undefined) return duplicates(rule.unique);
  if (rule.accepted_values !== undefined) {
    const { column, values } = rule.accepted_values;
    const type = typeOf(column, schema);
    if (!isTimeType(type))
      return rowsWhere(`~${col(column)}.is_in([${values.map(literal).join(', ')}])`);
    return rowsWhere(
      `~(${anyOf(values.map((value) => `${col(column)} == ${boundary(value, type)}`))})`,
    );
  }
  if (rule.range !== undefined) return outOfRange(rule.range, typeOf(rule.range.column, schema));
  // A condition that is null is not true. It may end in a comment.
  if (rule.expression !== undefined) return rowsWhere(`~(\n${rule.expression}\n).fill_null(False)`);
  return undefined;
}

/** The program that gives the newest value of a column: one row, one column. */
export function newestOf(column: string): string {
  return `${ROWS}.select(${col(column)}.max())`;
}

export function maxAgeMs(rule: NonNullable<Rule['freshness']>): number {
  const ms = parseDurationMs(rule.max_age);
  if (ms !== undefined) return ms;
  throw new FloeError(
    'ARGUMENT_INVALID',
    `max_age ${JSON.stringify(rule.max_age)} is no duration`,
    {
      details: { field: 'rules' },
      hint: 'Durations are written like 30m, 1d or 12h.',
    },
  );
}

function rowsWhere(condition: string): string {
  return `${ROWS}.filter(${condition})`;
}

function duplicates(names: readonly string[]): string {
  const columns = [...new Set(names)].map(col);
  const key = columns.length === 1 ? columns[0]! : `pl.struct(${columns.join(', ')})`;
  return rowsWhere(`${key}.is_duplicated()`);
}

export function isTimeType(type: DataType | undefined): boolean {
  return type?.kind === 'date' || type?.kind === 'datetime';
}

export function typeOf(name: string, schema: Schema | undefined): DataType | undefined {
  return schema?.find((column) => column.name === name)?.type;
}

function outOfRange(
  { column, min, max }: NonNullable<Rule['range']>,
  type: DataType | undefined,
): string {
  const conditions = [
    ...(min === undefined ? [] : [`${col(column)} < ${boundary(min, type)}`]),
    ...(max === undefined ? [] : [`${col(column)} > ${boundary(max, type)}`]),
  ];
  if (conditions.length > 0) return rowsWhere(anyOf(conditions));
  throw new FloeError('ARGUMENT_INVALID', 'a range has neither min nor max', {
    details: { field: 'rules' },
  });
}

function anyOf(conditions: readonly string[]): string {
  return conditions.map((condition) => `(${condition})`).join(' | ');
}

/** A text that is written like a day or time stands for it, but in a column of texts. */
function boundary(value: string | number | boolean, type: DataType | undefined): string {
  const time = typeof value === 'string' && type?.kind !== 'string' ? readTime(value) : undefined;
  if (time === undefined) return literal(value);
  const numbers = time.numbers.join(', ');
  const isZoned = type?.kind === 'datetime' ? type.timezone !== null : time.isUtc;
  if (time.isDay && !isZoned) return `pl.date(${numbers})`;
  return isZoned ? `pl.datetime(${numbers}, time_zone="UTC")` : `pl.datetime(${numbers})`;
}

function col(name: string): string {
  return `pl.col(${literal(name)})`;
}

/** JSON's texts and numbers are Python's; its booleans are not. */
function literal(value: string | number | boolean): string {
  if (typeof value === 'boolean') return value ? 'True' : 'False';
  return typeof value === 'number' ? String(value) : pythonText(value);
}

/** Escapes that JSON and Python write alike; `\\u` with four digits means the same in both. */
function pythonText(text: string): string {
  return JSON.stringify(text).replaceAll('\\/', '/');
}
