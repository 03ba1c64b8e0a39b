/** What a table has to be and to allow for a load: said before the first row is sent, each with its mend. */
import {
  type ColumnRight,
  type TableRight,
  type TargetSession,
  type TargetTable,
  quoteIdentifier,
  quoteTableName,
} from '@floe/database/target';
import { FloeError } from '@floe/errors';
import type { LoadPlan } from '@floe/frame/columns';
import type { LoadOptions } from './load-options.ts';

/** Errors: COLUMN_MISMATCH for fields that name columns which the load does not fill. */
export function assertColumnsAreLoaded(plan: LoadPlan, { key, update = [] }: LoadOptions): void {
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

/** The columns that an upsert changes in rows that are there. */
export function updatedColumns(plan: LoadPlan, { key, update }: LoadOptions): readonly string[] {
  const names = update ?? plan.map(({ target }) => target.name);
  return names.filter((name) => !key.includes(name));
}

/** Errors: COLUMN_MISMATCH when no unique index tells rows apart by the key; QUERY_FAILED. */
export async function assertTakesUpserts(
  session: TargetSession,
  table: TargetTable,
  options: LoadOptions,
): Promise<void> {
  const { tableText, key } = options;
  if (!table.uniqueKeys.some(({ columns }) => isSameKey(columns, key)))
    throw noUniqueIndex(table, options, await findUnfitIndex(session, options));
  if (!table.hasWriteRules) return;
  throw new FloeError(
    'QUERY_FAILED',
    `${table.kind} "${tableText}" has rules for INSERT or UPDATE, with which PostgreSQL takes no upsert`,
    { hint: 'put triggers in the place of the rules, or load in another mode' },
  );
}

export function isSameKey(one: readonly string[], other: readonly string[]): boolean {
  return one.toSorted().join('\0') === other.toSorted().join('\0');
}

function noUniqueIndex(
  { kind, uniqueKeys }: TargetTable,
  { tableText, key }: LoadOptions,
  unfit: string | undefined,
): FloeError {
  const columns = key.map(nameInSql).join(', ');
  const others = uniqueKeys.map((each) => `or write \`key: [${each.columns.join(', ')}]\``);
  const hasIndexes = kind === 'table' || kind === 'partitioned table';
  const create = `create unique index on ${tableText} (${columns})`;
  return new FloeError(
    'COLUMN_MISMATCH',
    `${kind} "${tableText}" has no unique index on (${columns}), which an upsert by this key needs${unfit ?? ''}`,
    { hint: hasIndexes ? [create, ...others].join(', ') : 'name the table behind it' },
  );
}

/** A unique index on a column of the key with which PostgreSQL does not tell all rows apart, and why; for people. */
async function findUnfitIndex(
  session: TargetSession,
  { table, key }: LoadOptions,
): Promise<string | undefined> {
  const [found] = await session.query<{ name: string; why: string }>(UNFIT_INDEX, [
    quoteTableName(table),
    key,
  ]);
  return found === undefined ? undefined : `: index "${found.name}" ${found.why}`;
}

const UNFIT_INDEX = `
  select c.relname as name, case
    when not i.indisvalid then 'is not valid'
    when not i.indimmediate then 'is deferrable'
    when i.indisexclusion then 'is one without overlaps'
    when i.indpred is not null then 'holds only where ' || pg_get_expr(i.indpred, i.indrelid)
    else 'is on an expression' end as why
  from pg_index i join pg_class c on c.oid = i.indexrelid
  where i.indrelid = to_regclass($1) and i.indisunique
    and not (i.indisvalid and i.indimmediate and i.indpred is null and i.indexprs is null and not i.indisexclusion)
    and exists (
      select from pg_attribute a
      where a.attrelid = i.indrelid and a.attname::text = any($2::text[])
        and (a.attnum = any(i.indkey) or exists (
          select from pg_depend d
          where d.classid = 'pg_class'::regclass and d.objid = i.indexrelid and d.refobjid = i.indrelid
            and d.refobjsubid = a.attnum)))
  order by i.indpred is not null, c.relname limit 1`;

/** Errors: QUERY_FAILED. */
export function assertCanBeEmptied({ kind }: TargetTable, { tableText }: LoadOptions): void {
  if (kind !== 'view') return;
  throw new FloeError('QUERY_FAILED', `"${tableText}" is a view, which cannot be truncated`, {
    hint: 'write `mode: replace`, which deletes its rows',
  });
}

/** Errors: QUERY_FAILED with the grant that is missing. */
export function assertRights(table: TargetTable, plan: LoadPlan, options: LoadOptions): void {
  const { mode, tableText, key } = options;
  const updated = mode === 'upsert' ? updatedColumns(plan, options) : [];
  const filled = plan.map(({ target }) => target.name);
  const missing = [
    missingOnColumns(table, 'insert', filled),
    missingOnColumns(table, 'update', updated),
    // What an upsert writes into rows that are there counts as read.
    missingOnColumns(table, 'select', mode === 'upsert' ? [...key, ...updated] : []),
    missingOnTable(table, 'delete', mode === 'replace'),
    missingOnTable(table, 'truncate', mode === 'truncate'),
  ].filter((grant) => grant !== undefined);
  if (missing.length === 0) return;
  throw new FloeError(
    'QUERY_FAILED',
    `the user of the connection has no right to ${missing.join(', ')} on ${table.kind} "${tableText}"`,
    {
      details: { sql_state: INSUFFICIENT_PRIVILEGE },
      hint: `grant ${missing.join(', ')} on ${tableText} to the user of the connection`,
    },
  );
}

const INSUFFICIENT_PRIVILEGE = '42501';

/** Where it is missing on some columns only, the grant names them. */
function missingOnColumns(
  { columns }: TargetTable,
  right: ColumnRight,
  wanted: readonly string[],
): string | undefined {
  const names = columns
    .filter(({ name, rights }) => wanted.includes(name) && !rights.includes(right))
    .map(({ name }) => nameInSql(name));
  if (names.length === 0) return undefined;
  const isPartial = columns.some(({ rights }) => rights.includes(right));
  return isPartial ? `${right} (${names.join(', ')})` : right;
}

function missingOnTable(
  { rights }: TargetTable,
  right: TableRight,
  isWanted: boolean,
): string | undefined {
  return isWanted && !rights.includes(right) ? right : undefined;
}

/** As people write it: in quotes only where it has to be. */
function nameInSql(name: string): string {
  return /^[a-z_][a-z0-9_]*$/.test(name) ? name : quoteIdentifier(name);
}
