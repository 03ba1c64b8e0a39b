import {
  type TableName,
  type TargetSession,
  type TargetTable,
  describeTable,
  findTable,
} from '@floe/database';
import { FloeError } from '@floe/errors';
import type { Schema } from '@floe/expression';
import {
  type LoadPlan,
  type NewColumn,
  planLoadColumns,
  tableColumnsFor,
} from '@floe/frame/columns';
import type { LoadOptions } from './load-options.ts';

/** Where the rows go, decided before the first byte is sent. */
export type LoadTarget = {
  readonly table: TableName;
  /** Table columns in the order of the staging table. */
  readonly columns: readonly string[];
  /** Set when the table does not exist and the load makes it. */
  readonly newColumns: readonly NewColumn[] | undefined;
};

/**
 * Finds the table and checks that the columns of the dataset fit and that the key is unique in it.
 * Errors: TABLE_NOT_FOUND, COLUMN_MISMATCH.
 */
export async function findLoadTarget(
  session: TargetSession,
  schema: Schema,
  options: LoadOptions,
): Promise<LoadTarget> {
  const table = options.createTable
    ? await findTable(session, options.table)
    : await describeTable(session, options.table);
  return table === undefined ? planNewTable(schema, options) : fitTable(table, schema, options);
}

function planNewTable(schema: Schema, options: LoadOptions): LoadTarget {
  const newColumns = tableColumnsFor(schema, options.columns);
  const columns = newColumns.map((column) => column.name);
  assertKeyIsLoaded(columns, options);
  return { table: options.table, columns, newColumns };
}

function fitTable(table: TargetTable, schema: Schema, options: LoadOptions): LoadTarget {
  const plan = planLoadColumns(schema, table.columns, options.columns);
  const columns = plan.map((column) => column.target.name);
  assertKeyIsLoaded(columns, options);
  if (options.mode === 'upsert') assertKeyIsUnique(table, options);
  return { table: options.table, columns, newColumns: undefined };
}

/** The encoders work from the staging table, which has the types of the target, be it old or new. */
export async function planStagingColumns(
  session: TargetSession,
  staging: TableName,
  schema: Schema,
  options: LoadOptions,
): Promise<LoadPlan> {
  const { columns } = await describeTable(session, staging);
  return planLoadColumns(schema, columns, options.columns);
}

function assertKeyIsLoaded(columns: readonly string[], options: LoadOptions): void {
  const missing = options.key.filter((name) => !columns.includes(name));
  if (missing.length === 0) return;
  throw new FloeError(
    'COLUMN_MISMATCH',
    `the key names ${missing.map((name) => `"${name}"`).join(', ')}, which the input does not fill`,
    { hint: `the input fills: ${columns.join(', ')}` },
  );
}

function assertKeyIsUnique(table: TargetTable, options: LoadOptions): void {
  const wanted = options.key.toSorted().join('\0');
  if (table.uniqueKeys.some((key) => key.toSorted().join('\0') === wanted)) return;
  const columns = options.key.join(', ');
  throw new FloeError(
    'COLUMN_MISMATCH',
    `table "${options.tableText}" has no unique index on (${columns}), which an upsert by this key needs`,
    { hint: `create unique index on ${options.tableText} (${columns})` },
  );
}
