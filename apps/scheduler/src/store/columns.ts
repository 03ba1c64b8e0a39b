import type { NamedStatement } from '@floe/database';

/** One column of rows that travel to PostgreSQL as an array of their values. */
export type Column<Row> = {
  readonly name: string;
  /** The SQL type of one value. */
  readonly type:
    | 'uuid'
    | 'text'
    | 'int'
    | 'bigint'
    | 'smallint'
    | 'float8'
    | 'jsonb'
    | 'json'
    | 'bool';
  of(row: Row): unknown;
};

/** Rows as arrays of their columns, and the SQL that makes rows of them again, named `x`. */
export function unnest<Row>(columns: readonly Column<Row>[], firstParameter: number): string {
  const arrays = columns.map(({ type }, index) => `$${firstParameter + index}::${type}[]`);
  const names = columns.map(({ name }) => name);
  return `unnest(${arrays.join(', ')}) as x(${names.join(', ')})`;
}

export function arraysOf<Row>(columns: readonly Column<Row>[], rows: readonly Row[]): unknown[][] {
  return columns.map((column) => rows.map((row) => column.of(row)));
}

/** An instant travels as milliseconds since 1970; `instantOf` is its SQL. */
export function instantOf(name: string): string {
  return `to_timestamp(x.${name} / 1000)`;
}

export function jsonOf(value: unknown): string | null {
  return value === undefined || value === null ? null : JSON.stringify(value);
}

/** A part of a statement that writes many tables at once. */
export type Part<Row> = {
  readonly name: string;
  readonly columns: readonly Column<Row>[];
  /** The SQL that writes what comes from the source, which names its rows `x`. */
  sql(source: string): string;
};

/** Rows for a part; the type of the rows is hidden, so that parts of all kinds make one statement. */
export type FilledPart = {
  readonly name: string;
  readonly isEmpty: boolean;
  sql(firstParameter: number): string;
  values(): unknown[][];
};

export function fill<Row>(part: Part<Row>, rows: readonly Row[]): FilledPart {
  return {
    name: part.name,
    isEmpty: rows.length === 0,
    sql: (firstParameter) => part.sql(unnest(part.columns, firstParameter)),
    values: () => arraysOf(part.columns, rows),
  };
}

const TEXTS = new Map<string, string>();

/** One statement for all parts that have rows; its result is what the last part returns, when it has any. */
export function joinParts(
  name: string,
  parts: readonly FilledPart[],
): { readonly statement: NamedStatement; readonly values: unknown[][] } | undefined {
  const filled = parts.filter(({ isEmpty }) => !isEmpty);
  if (filled.length === 0) return undefined;
  const values = filled.flatMap((part) => part.values());
  // PostgreSQL takes names of 63 characters: a letter for each part that has rows, by its place.
  const fullName = `${name}:${parts.map((part) => (part.isEmpty ? '-' : part.name[0])).join('')}`;
  const text = TEXTS.get(fullName) ?? textOf(fullName, filled);
  TEXTS.set(fullName, text);
  return { statement: { name: fullName, text }, values };
}

function textOf(name: string, parts: readonly FilledPart[]): string {
  let parameter = 1;
  const tables = parts.map((part) => {
    const sql = part.sql(parameter);
    parameter += part.values().length;
    return `${part.name} as (\n${sql}\n)`;
  });
  const last = parts.at(-1)!.name;
  const result = last === 'outbox_rows' ? 'select id from outbox_rows order by id' : 'select 1';
  return `/* ${name} */ with ${tables.join(', ')}\n${result}`;
}
