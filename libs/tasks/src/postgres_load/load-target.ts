import {
  type TableName,
  type TargetSession,
  type TargetTable,
  describeTable,
  findTable,
  quoteTableName,
} from '@floe/database/target';
import { FloeError } from '@floe/errors';
import type { Schema } from '@floe/expression';
import {
  type LoadPlan,
  type NewColumn,
  type TargetColumn,
  planLoadColumns,
  tableColumnsFor,
} from '@floe/frame/columns';
import type { LoadOptions } from './load-options.ts';

/** Where the rows go, decided before the first byte is sent. */
export type LoadTarget = {
  readonly table: TableName;
  /** The columns of the table that the load fills, in the order of the dataset. */
  readonly plan: LoadPlan;
  /** Columns of the table that the load leaves to their defaults. */
  readonly otherColumns: readonly string[];
  /** Set when the table does not exist and the load makes it. */
  readonly newColumns: readonly NewColumn[] | undefined;
  /** Whether rows may go to the table as they come, or have to be merged from a staging table. */
  readonly isDirect: boolean;
  /** Whether the rows may be written as old ones at once: nobody has seen the table without them. */
  readonly isFrozen: boolean;
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
  const target =
    table === undefined ? planNewTable(schema, options) : fitTable(table, schema, options);
  assertColumnsAreLoaded(target, options);
  return target;
}

/** The types of the columns that a new table gets are asked of it once it is there. */
function planNewTable(schema: Schema, options: LoadOptions): LoadTarget {
  const newColumns = tableColumnsFor(schema, options.columns);
  const plan = newColumns.map(({ name, type }, index) => ({
    source: schema[index]!.name,
    target: { name, type: { oid: 0, name: type, modifier: -1, isEnum: false } },
  }));
  const isDirect = options.mode !== 'upsert';
  return { table: options.table, plan, otherColumns: [], newColumns, isDirect, isFrozen: true };
}

function fitTable(table: TargetTable, schema: Schema, options: LoadOptions): LoadTarget {
  const plan = planLoadColumns(schema, table.columns, options.columns, {
    convert: options.convert,
    tableName: options.tableText,
  });
  if (options.mode === 'upsert') assertKeyIsUnique(table, options);
  if (options.mode === 'truncate') assertCanBeEmptied(table, options);
  const filled = new Set(plan.map(({ target }) => target.name));
  const others = table.columns.filter(({ name }) => !filled.has(name));
  const isCast = plan.some(({ through }) => through !== undefined);
  const isUnasked = others.some(({ isOfDomain, hasDefault }) => isOfDomain && !hasDefault);
  return {
    table: options.table,
    plan,
    otherColumns: others.map(({ name }) => name),
    newColumns: undefined,
    isDirect: options.mode !== 'upsert' && table.takesCopy && !isCast && !isUnasked,
    isFrozen: options.mode === 'truncate' && table.kind === 'table',
  };
}

/** How the columns of the dataset go into a table that has been made for them. Errors: COLUMN_MISMATCH. */
export function planNewColumns(
  columns: readonly TargetColumn[],
  schema: Schema,
  options: LoadOptions,
): LoadPlan {
  return planLoadColumns(schema, columns, options.columns, { convert: options.convert });
}

/** Another load has made the table since this one looked for it: with that one it may begin again. */
export class TableMadeElsewhere extends Error {
  constructor(tableText: string) {
    super(`table "${tableText}" was made by another load`);
    this.name = 'TableMadeElsewhere';
  }
}

/**
 * Looks again, in the transaction that loads, and holds the table as it is until its end. Of several loads that would
 * make it, one does while the others wait. Errors: QUERY_FAILED when it is another one than was checked;
 * TableMadeElsewhere when there was none.
 */
export async function assertUnchanged(
  session: TargetSession,
  { schema, target }: { readonly schema: Schema; readonly target: LoadTarget },
  options: LoadOptions,
): Promise<void> {
  // Two that held less would both wait for the other when they empty the table.
  const lock = options.mode === 'truncate' ? 'access exclusive' : 'row exclusive';
  if (target.isDirect && target.newColumns === undefined)
    await session.query(`lock table ${quoteTableName(target.table)} in ${lock} mode`);
  if (target.newColumns !== undefined) await lockNewTable(session, options);
  const now = await findLoadTarget(session, schema, options);
  if (JSON.stringify(now) === JSON.stringify(target)) return;
  if (target.newColumns !== undefined && now.newColumns === undefined)
    throw new TableMadeElsewhere(options.tableText);
  throw new FloeError(
    'QUERY_FAILED',
    `table "${options.tableText}" has changed since it was checked`,
    {
      hint: 'the next attempt checks it anew',
    },
  );
}

/** What has no name yet cannot be locked by it. Kept until the end of the transaction. */
async function lockNewTable(session: TargetSession, { table }: LoadOptions): Promise<void> {
  await session.query(`select pg_advisory_xact_lock(hashtextextended($1, 1))`, [
    `floe_load ${quoteTableName(table)}`,
  ]);
  // A session remembers that a name was free until it locks any table: pg_class is one.
  await session.query('select from pg_class limit 0');
}

function assertColumnsAreLoaded({ plan }: LoadTarget, { key, update = [] }: LoadOptions): void {
  const columns = plan.map(({ target }) => target.name);
  for (const [field, names] of Object.entries({ key, update })) {
    const missing = names.filter((name) => !columns.includes(name));
    if (missing.length === 0) continue;
    throw new FloeError(
      'COLUMN_MISMATCH',
      `${field} names ${missing.map((name) => `"${name}"`).join(', ')}, which the input does not fill`,
      { details: { field }, hint: `the input fills: ${columns.join(', ')}` },
    );
  }
}

function assertKeyIsUnique(table: TargetTable, options: LoadOptions): void {
  const wanted = options.key.toSorted().join('\0');
  if (table.uniqueKeys.some((key) => key.toSorted().join('\0') === wanted)) return;
  const columns = options.key.join(', ');
  const hasIndexes = table.kind === 'table' || table.kind === 'partitioned table';
  throw new FloeError(
    'COLUMN_MISMATCH',
    `${table.kind} "${options.tableText}" has no unique index on (${columns}), which an upsert by this key needs`,
    {
      hint: hasIndexes
        ? `create unique index on ${options.tableText} (${columns})`
        : 'name the table behind it',
    },
  );
}

function assertCanBeEmptied({ kind }: TargetTable, { tableText }: LoadOptions): void {
  if (kind !== 'view') return;
  throw new FloeError('QUERY_FAILED', `"${tableText}" is a view, which cannot be truncated`, {
    hint: 'write `mode: replace`, which deletes its rows',
  });
}
