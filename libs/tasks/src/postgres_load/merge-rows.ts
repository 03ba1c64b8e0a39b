import { type TargetSession, quoteIdentifier, quoteTableName } from '@floe/database/target';
import { FloeError } from '@floe/errors';
import type { LoadColumn, LoadPlan } from '@floe/frame/columns';
import { MASK } from '../masked-columns.ts';
import { maskedTargets } from './explain-refusal.ts';
import type { LoadOptions } from './load-options.ts';
import type { LoadTarget } from './load-target.ts';

/** Makes or empties the table, inside of the caller's transaction. */
export async function prepareTable(
  session: TargetSession,
  target: LoadTarget,
  options: LoadOptions,
): Promise<void> {
  const table = quoteTableName(target.table);
  if (target.newColumns !== undefined) {
    await session.query(createTable(table, target, options.key));
    await assertLasting(session, table, options);
  } else if (options.mode === 'truncate') await session.query(`truncate ${table}`);
  else if (options.mode === 'replace') await replaceAll(session, table);
}

/**
 * A delete spares the rows that are committed after it has begun, so that two loads that replace the rows at once would
 * leave those of both: one waits until the other is done, and sees its rows. Nobody else waits.
 */
async function replaceAll(session: TargetSession, table: string): Promise<void> {
  await session.query(
    `select pg_advisory_xact_lock(hashtextextended('floe_load replaces ' || $1::regclass::oid, 1))`,
    [table],
  );
  await session.query(`delete from ${table}`);
}

/** In the schema for temporary tables, which a search_path may begin with, it would go away with the session. */
async function assertLasting(
  session: TargetSession,
  table: string,
  { tableText }: LoadOptions,
): Promise<void> {
  const [made] = await session.query<{ is_temporary: boolean }>(
    `select relpersistence = 't' as is_temporary from pg_class where oid = to_regclass($1)`,
    [table],
  );
  if (made?.is_temporary === false) return;
  throw new FloeError(
    'QUERY_FAILED',
    `table "${tableText}" would be a temporary one, which goes away with the load`,
    { hint: 'name a lasting schema: `table: schema.table`' },
  );
}

/** Brings the rows of the staging table into the target, inside of the caller's transaction. */
export async function mergeRows(
  session: TargetSession,
  staging: string,
  target: LoadTarget,
  options: LoadOptions,
): Promise<void> {
  const columns = target.plan.map((each) => quoteIdentifier(each.target.name)).join(', ');
  const values = target.plan.map(valueOf);
  const names = target.plan.map((each) => each.target.name);
  const conflict = options.mode === 'upsert' ? onConflict(names, options) : '';
  await session.query(
    `insert into ${quoteTableName(target.table)} (${columns}) select ${values.join(', ')} from ${staging}${conflict}`,
  );
}

const REGCLASS_OID = 2205;

/** The value of the table's column, from that of the staging table. */
function valueOf({ target: { name, type }, through }: LoadColumn): string {
  const staged = quoteIdentifier(name);
  if (through === undefined) return staged;
  // A cast would take names only, and not what is written for no table and for one that is gone.
  if (type.oid === REGCLASS_OID) return `regclassin(textout(${staged}))`;
  return `cast(${staged} as ${type.name})`;
}

function createTable(table: string, target: LoadTarget, key: readonly string[]): string {
  const columns = (target.newColumns ?? []).map(
    ({ name, type }) => `${quoteIdentifier(name)} ${type}`,
  );
  const primaryKey =
    key.length === 0 ? [] : [`primary key (${key.map(quoteIdentifier).join(', ')})`];
  return `create table ${table} (${[...columns, ...primaryKey].join(', ')})`;
}

function onConflict(columns: readonly string[], { key, update }: LoadOptions): string {
  const updates = (update ?? columns)
    .filter((name) => !key.includes(name))
    .map((name) => `${quoteIdentifier(name)} = excluded.${quoteIdentifier(name)}`);
  const action = updates.length === 0 ? 'nothing' : `update set ${updates.join(', ')}`;
  return ` on conflict (${key.map(quoteIdentifier).join(', ')}) do ${action}`;
}

const SHOWN_KEYS = 3;

export type KeyOfLoad = {
  readonly key: readonly string[];
  /** Where values travel as text, it is not their text that tells keys apart: 1.0 and 1.00 are one number. */
  readonly plan: LoadPlan;
  readonly masked: ReadonlySet<string>;
};

/**
 * An upsert by a key that occurs twice in the load would keep one row or the other; it keeps neither.
 * Errors: DUPLICATE_KEY with up to three keys; VALUE_INVALID for keys that are NULL, which no unique index finds again.
 */
export async function assertDistinctKeys(
  session: TargetSession,
  staging: string,
  { key, plan, masked }: KeyOfLoad,
): Promise<void> {
  const columns = key.map((name) => {
    const through = plan.find(({ target }) => target.name === name);
    return through === undefined ? quoteIdentifier(name) : valueOf(through);
  });
  const [nulls] = await session.query<{ count: string }>(
    `select count(*) as count from ${staging} where ${columns.map((name) => `${name} is null`).join(' or ')}`,
  );
  if (nulls !== undefined && nulls.count !== '0')
    throw new FloeError(
      'VALUE_INVALID',
      `the key (${key.join(', ')}) is NULL in ${nulls.count} rows of the load`,
      {
        hint: `add .drop_nulls([${key.map((name) => `"${name}"`).join(', ')}]) in the transform`,
      },
    );
  const texts = columns.map((name) => `${name}::text`).join(', ');
  const doubled = await session.query<{ key: string[]; count: string }>(
    `select array[${texts}] as key, count(*) as count from ${staging}
     group by ${columns.join(', ')} having count(*) > 1 order by 1 limit ${SHOWN_KEYS}`,
  );
  if (doubled.length === 0) return;
  const hidden = maskedTargets(plan, masked);
  const isMasked = key.map((name) => hidden.has(name));
  const shown = doubled
    .map((row) => row.key.map((value, index) => (isMasked[index] ? MASK : value)).join(', '))
    .map((text, index) => `(${text}) ${doubled[index]!.count} times`)
    .join('; ');
  throw new FloeError(
    'DUPLICATE_KEY',
    `several rows of the load have the same key (${key.join(', ')}): ${shown}`,
    {
      hint: `add .unique(subset=[${key.map((name) => `"${name}"`).join(', ')}]) or a group_by in the transform`,
    },
  );
}
