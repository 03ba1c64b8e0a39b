import { createHash } from 'node:crypto';
import {
  type TableName,
  type TargetSession,
  quoteIdentifier,
  quoteTableName,
  sqlStateOf,
} from '@floe/database/target';
import { LEDGER_SCHEMA, type LoadKey, loadKeyText } from './load-ledger.ts';
import type { LoadTarget } from './load-target.ts';

/** 64 bits tell the loads of one database apart. */
const HASH_LENGTH = 16;
/** A staging table that an old attempt still fills is left to the next attempt rather than waited for. */
const DROP_LOCK_TIMEOUT_MS = 1_000;
/** The lock, or the table itself, belongs to somebody else: a connection may have changed its user. */
const BELONGS_TO_OTHERS: readonly (string | undefined)[] = ['55P03', '42501'];

function prefixOf(key: LoadKey): string {
  const hash = createHash('sha256').update(loadKeyText(key)).digest('hex').slice(0, HASH_LENGTH);
  return `stg_${hash}_`;
}

/** The staging table of an attempt: its name tells the load and the epoch. */
export function stagingName(key: LoadKey): TableName {
  return { schema: LEDGER_SCHEMA, table: `${prefixOf(key)}${key.epoch}` };
}

/** The same, as it goes into statements. */
export function stagingTable(key: LoadKey): string {
  return quoteTableName(stagingName(key));
}

/**
 * A table for the columns of the target that the load fills, with its types and its checks, so that a row that breaks
 * one is found while it is copied, by its number. Columns that travel as text are text here. Nothing is asked of the
 * target itself, neither a lock nor a right.
 *
 * It is not logged, which saves half of the writing: after a crash of the server it would be empty, but the session
 * that made it does not outlive a crash either, and no other session ever merges it.
 */
export async function createStaging(
  session: TargetSession,
  key: LoadKey,
  target: LoadTarget,
): Promise<void> {
  const parts =
    target.newColumns?.map(({ name, type }) => `${quoteIdentifier(name)} ${type}`) ??
    (await partsOf(session, target));
  await session.query(`create unlogged table ${stagingTable(key)} (${parts.join(', ')})`);
}

async function partsOf(
  session: TargetSession,
  { table, plan }: LoadTarget,
): Promise<readonly string[]> {
  const rows = await session.query<{ part: string }>(PARTS, [
    quoteTableName(table),
    plan.map(({ target }) => target.name),
    plan.map(({ through }) => through?.name ?? null),
  ]);
  return rows.map(({ part }) => part);
}

/** `pg_trigger.tgtype`: the bits of ROW, BEFORE and INSERT. */
const BEFORE_EACH_INSERT = 1 + 2 + 4;

// What triggers fill in or mend before the row is stored is no fault of the row as it comes.
const PARTS = `
  with target as (
    select c.oid, not exists (
      select from pg_trigger t
      where t.tgrelid = c.oid and t.tgenabled <> 'D' and t.tgtype & ${BEFORE_EACH_INSERT} = ${BEFORE_EACH_INSERT}
    ) as is_stored_as_it_comes
    from pg_class c where c.oid = to_regclass($1)
  ), filled as (
    select f.place, f.through, a.attnum, a.attnotnull, a.attname,
           format_type(a.atttypid, a.atttypmod) as type,
           case when a.attcollation <> t.typcollation
                then (select format(' collate %I.%I', n.nspname, l.collname)
                      from pg_collation l join pg_namespace n on n.oid = l.collnamespace where l.oid = a.attcollation)
           end as ordered_by
    from unnest($2::text[], $3::text[]) with ordinality as f (name, through, place)
    join pg_attribute a on a.attrelid = (select oid from target) and a.attname = f.name
    join pg_type t on t.oid = a.atttypid
  )
  select part from (
    select place, format('%I %s', attname, coalesce(through, type || coalesce(ordered_by, '')))
                  || case when attnotnull and is_stored_as_it_comes then ' not null' else '' end as part
    from filled, target
    union all
    select null, format('constraint %I %s', conname, pg_get_constraintdef(c.oid))
    from pg_constraint c join target on conrelid = target.oid
    where contype = 'c' and is_stored_as_it_comes
      and coalesce(conkey, '{}') <@ array(select attnum from filled where through is null)
  ) as parts order by place nulls last`;

/**
 * Drops the staging tables of this attempt and of older ones of the same load. Returns the names of those that another
 * session uses, which stay for the next attempt.
 */
export async function dropStaging(
  session: TargetSession,
  key: LoadKey,
): Promise<readonly string[]> {
  const prefix = prefixOf(key);
  const tables = await session.query<{ name: string }>(
    `select tablename as name from pg_tables where schemaname = $1 and starts_with(tablename, $2)
       and substr(tablename, length($2) + 1)::bigint <= $3 order by tablename`,
    [LEDGER_SCHEMA, prefix, key.epoch],
  );
  const kept: string[] = [];
  for (const { name } of tables) if (!(await tryDrop(session, name))) kept.push(name);
  return kept;
}

async function tryDrop(session: TargetSession, name: string): Promise<boolean> {
  try {
    await session.transaction('begin', async () => {
      await session.query(`set local lock_timeout = ${DROP_LOCK_TIMEOUT_MS}`);
      await session.query(
        `drop table if exists ${quoteTableName({ schema: LEDGER_SCHEMA, table: name })}`,
      );
    });
    return true;
  } catch (thrown) {
    if (BELONGS_TO_OTHERS.includes(sqlStateOf(thrown))) return false;
    throw thrown;
  }
}
