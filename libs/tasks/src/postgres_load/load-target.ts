import {
  type TableKind,
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
import {
  assertCanBeEmptied,
  assertColumnsAreLoaded,
  assertRights,
  assertTakesUpserts,
  isSameKey,
} from './assert-loadable.ts';
import type { LoadOptions } from './load-options.ts';

/** Where the rows go, decided before the first byte is sent. */
export type LoadTarget = {
  readonly table: TableName;
  /** Undefined when the load makes it. */
  readonly kind: TableKind | undefined;
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
  /** Whether the unique index finds keys with NULL again. */
  readonly findsNull: boolean;
};

/**
 * Finds the table and checks that the columns of the dataset fit, that the key is unique in it, and that the user may
 * write to it. Errors: TABLE_NOT_FOUND, COLUMN_MISMATCH, QUERY_FAILED.
 */
export async function findLoadTarget(
  session: TargetSession,
  schema: Schema,
  options: LoadOptions,
): Promise<LoadTarget> {
  const table = options.createTable
    ? await findTable(session, options.table)
    : await describeTable(session, options.table);
  if (table === undefined) {
    const target = planNewTable(schema, options);
    assertColumnsAreLoaded(target.plan, options);
    return target;
  }
  const target = fitTable(table, schema, options);
  assertColumnsAreLoaded(target.plan, options);
  if (options.mode === 'upsert') await assertTakesUpserts(session, table, options);
  if (options.mode === 'truncate') assertCanBeEmptied(table, options);
  assertRights(table, target.plan, options);
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
  return {
    table: options.table,
    kind: undefined,
    plan,
    otherColumns: [],
    newColumns,
    isDirect,
    isFrozen: true,
    findsNull: false,
  };
}

function fitTable(table: TargetTable, schema: Schema, options: LoadOptions): LoadTarget {
  const plan = planLoadColumns(schema, table.columns, options.columns, {
    convert: options.convert,
    tableName: options.tableText,
  });
  const filled = new Set(plan.map(({ target }) => target.name));
  const others = table.columns.filter(({ name }) => !filled.has(name));
  const isCast = plan.some(({ through }) => through !== undefined);
  const isUnasked = others.some(({ isOfDomain, hasDefault }) => isOfDomain && !hasDefault);
  return {
    table: options.table,
    kind: table.kind,
    plan,
    otherColumns: others.map(({ name }) => name),
    newColumns: undefined,
    isDirect: options.mode !== 'upsert' && table.takesCopy && !isCast && !isUnasked,
    isFrozen: options.mode === 'truncate' && table.kind === 'table',
    findsNull: table.uniqueKeys.some(
      ({ columns, findsNull }) => findsNull && isSameKey(columns, options.key),
    ),
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
  if (target.newColumns !== undefined) await lockNewTable(session, options);
  else await lockTable(session, target, options);
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

async function lockTable(
  session: TargetSession,
  { table, kind }: LoadTarget,
  { mode }: LoadOptions,
): Promise<void> {
  const name = quoteTableName(table);
  const takesLock = kind === 'table' || kind === 'partitioned table';
  // Two that held less would both wait for the other when they empty the table.
  if (mode === 'truncate' && takesLock)
    await session.query(`lock table ${name} in access exclusive mode`);
  // It locks as the INSERT does, and unlike LOCK TABLE is content with a right on single columns.
  else await session.query(`explain insert into ${name} default values`);
}

/** What has no name yet cannot be locked by it. Kept until the end of the transaction. */
async function lockNewTable(session: TargetSession, { table }: LoadOptions): Promise<void> {
  await session.query(`select pg_advisory_xact_lock(hashtextextended($1, 1))`, [
    `floe_load ${quoteTableName(table)}`,
  ]);
  // A session remembers that a name was free until it locks any table: pg_class is one.
  await session.query('select from pg_class limit 0');
}
