import { type TargetSession, quoteIdentifier, quoteTableName } from '@floe/database/target';
import { FloeError } from '@floe/errors';
import type { LoadColumn, LoadPlan } from '@floe/frame/columns';
import { MASK } from '../masked-columns.ts';
import { maskedTargets } from './explain-refusal.ts';
import { updatedColumns } from './assert-loadable.ts';
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

/**
 * Brings the rows of the staging table into the target, inside of the caller's transaction. Returns how many it took:
 * triggers and rules may leave some out.
 */
export async function mergeRows(
  session: TargetSession,
  staging: string,
  target: LoadTarget,
  options: LoadOptions,
): Promise<number> {
  const { plan } = target;
  const columns = plan.map((each) => quoteIdentifier(each.target.name)).join(', ');
  const types = await bareTypes(session, plan);
  const values = plan.map((each) => castTo(each, types.get(each.target.name))).join(', ');
  const conflict = options.mode === 'upsert' ? onConflict(plan, options) : '';
  return session.execute(
    `insert into ${quoteTableName(target.table)} (${columns}) select ${values} from ${staging}${conflict}`,
    [],
  );
}

const REGCLASS_OID = 2205;

/**
 * The types of the columns that PostgreSQL converts, without their lengths: a cast to a length cuts without a word, where
 * an INSERT refuses what is too long.
 */
async function bareTypes(
  session: TargetSession,
  plan: LoadPlan,
): Promise<ReadonlyMap<string, string>> {
  const cast = plan.filter(({ through }) => through !== undefined).map(({ target }) => target);
  if (cast.length === 0) return new Map();
  const found = await session.query<{ type: string }>(
    `select format_type(oid, -1) as type from unnest($1::oid[]) with ordinality as t (oid, place) order by place`,
    [cast.map(({ type }) => type.oid)],
  );
  return new Map(cast.map(({ name }, index) => [name, found[index]!.type]));
}

function castTo({ target: { name, type }, through }: LoadColumn, wanted = type.name): string {
  const staged = quoteIdentifier(name);
  if (through === undefined) return staged;
  // A cast would take names only, and not what is written for no table and for one that is gone.
  if (type.oid === REGCLASS_OID) return `regclassin(textout(${staged}))`;
  return `cast(${staged} as ${wanted})`;
}

function createTable(table: string, target: LoadTarget, key: readonly string[]): string {
  const columns = (target.newColumns ?? []).map(
    ({ name, type }) => `${quoteIdentifier(name)} ${type}`,
  );
  const primaryKey =
    key.length === 0 ? [] : [`primary key (${key.map(quoteIdentifier).join(', ')})`];
  return `create table ${table} (${[...columns, ...primaryKey].join(', ')})`;
}

function onConflict(plan: LoadPlan, options: LoadOptions): string {
  const updates = updatedColumns(plan, options)
    .map(quoteIdentifier)
    .map((name) => `${name} = excluded.${name}`);
  const action = updates.length === 0 ? 'nothing' : `update set ${updates.join(', ')}`;
  return ` on conflict (${options.key.map(quoteIdentifier).join(', ')}) do ${action}`;
}

const SHOWN_KEYS = 3;

/**
 * An upsert by a key that occurs twice in the load would keep one row or the other; it keeps neither.
 * Errors: DUPLICATE_KEY with up to three keys; VALUE_INVALID for keys that are NULL, where no index finds them again.
 */
export async function assertDistinctKeys(
  session: TargetSession,
  staging: string,
  { target, key, masked }: KeyOfLoad,
): Promise<void> {
  const columns = target.plan.filter((each) => key.includes(each.target.name));
  if (!target.findsNull) await assertNoNull(session, staging, columns);
  const values = columns.map((each) => castTo(each));
  const hidden = maskedTargets(target.plan, masked);
  const shown = columns.map((each, index) =>
    hidden.has(each.target.name) ? `'${MASK}'` : `coalesce(${values[index]}::text, 'NULL')`,
  );
  const doubled = await session.query<{ key: string; count: string }>(
    `select concat_ws(', ', ${shown.join(', ')}) as key, count(*) as count from ${staging}
     group by ${values.join(', ')} having count(*) > 1 order by 1 limit ${SHOWN_KEYS}`,
  );
  if (doubled.length === 0) return;
  const names = columns.map((each) => each.target.name).join(', ');
  const found = doubled.map((each) => `(${each.key}) ${each.count} times`).join('; ');
  throw new FloeError(
    'DUPLICATE_KEY',
    `several rows of the load have the same key (${names}): ${found}`,
    { hint: `add .unique(subset=${namesInPolars(columns)}) or a group_by in the transform` },
  );
}

export type KeyOfLoad = {
  readonly target: LoadTarget;
  readonly key: readonly string[];
  readonly masked: ReadonlySet<string>;
};

async function assertNoNull(
  session: TargetSession,
  staging: string,
  columns: LoadPlan,
): Promise<void> {
  const isNull = columns.map((each) => `${quoteIdentifier(each.target.name)} is null`);
  const [nulls] = await session.query<{ count: string }>(
    `select count(*) as count from ${staging} where ${isNull.join(' or ')}`,
  );
  if (nulls === undefined || nulls.count === '0') return;
  const names = columns.map((each) => each.target.name).join(', ');
  const rows = nulls.count === '1' ? 'a row' : `${nulls.count} rows`;
  throw new FloeError('VALUE_INVALID', `the key (${names}) is NULL in ${rows} of the load`, {
    hint: `add .drop_nulls(${namesInPolars(columns)}) in the transform`,
  });
}

/** The transform knows the columns by their names in the dataset. */
function namesInPolars(columns: LoadPlan): string {
  return JSON.stringify(columns.map(({ source }) => source));
}
