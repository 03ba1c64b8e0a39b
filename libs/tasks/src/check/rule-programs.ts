import { FloeError } from '@floe/errors';
import { parseDurationMs } from '@floe/workflow/duration';
import type { Rule } from './rules.ts';

/** The name that the rows to check have in the programs. */
export const ROWS = 'rows';

/**
 * The Polars program that gives the rows which break a rule; undefined for rules about the rows as a whole. Names and
 * values of the document become literals of the program, so that nothing of them is read as Polars.
 */
export function failingRows(rule: Rule): string | undefined {
  if (rule.not_null !== undefined)
    return rowsWhere(anyOf(rule.not_null.map((name) => `${col(name)}.is_null()`)));
  if (rule.unique !== undefined) return duplicates(rule.unique);
  if (rule.accepted_values !== undefined) {
    const { column, values } = rule.accepted_values;
    return rowsWhere(`~${col(column)}.is_in([${values.map(literal).join(', ')}])`);
  }
  if (rule.range !== undefined) return outOfRange(rule.range);
  // A condition that is null is not true.
  if (rule.expression !== undefined) return rowsWhere(`~(${rule.expression}).fill_null(False)`);
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
  const columns = names.map(col);
  const key = names.length === 1 ? columns[0]! : `pl.struct(${columns.join(', ')})`;
  return rowsWhere(`${key}.is_duplicated()`);
}

function outOfRange({ column, min, max }: NonNullable<Rule['range']>): string {
  const conditions = [
    ...(min === undefined ? [] : [`${col(column)} < ${boundary(min)}`]),
    ...(max === undefined ? [] : [`${col(column)} > ${boundary(max)}`]),
  ];
  if (conditions.length > 0) return rowsWhere(anyOf(conditions));
  throw new FloeError('ARGUMENT_INVALID', 'a range has neither min nor max', {
    details: { field: 'rules' },
  });
}

function anyOf(conditions: readonly string[]): string {
  return conditions.map((condition) => `(${condition})`).join(' | ');
}

const DATE = /^(\d{4})-(\d{2})-(\d{2})$/;

/** A text that is a date stands for the date. */
function boundary(value: number | string): string {
  const [, year, month, day] = (typeof value === 'string' && DATE.exec(value)) || [];
  if (year === undefined) return literal(value);
  return `pl.date(${Number(year)}, ${Number(month)}, ${Number(day)})`;
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
