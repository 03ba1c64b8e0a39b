import { createHash } from 'node:crypto';
import {
  type TableName,
  type TargetSession,
  quoteIdentifier,
  quoteTableName,
  sqlStateOf,
} from '@floe/database';
import { type LoadKey, loadKeyText } from './load-ledger.ts';
import type { LoadTarget } from './load-target.ts';

const SCHEMA = 'floe_load';
/** 64 bits tell the loads of one database apart. */
const HASH_LENGTH = 16;
/** A staging table that an old attempt still fills is left to the next attempt rather than waited for. */
const DROP_LOCK_TIMEOUT_MS = 1_000;
const LOCK_NOT_AVAILABLE = '55P03';

function prefixOf(key: LoadKey): string {
  const hash = createHash('sha256').update(loadKeyText(key)).digest('hex').slice(0, HASH_LENGTH);
  return `stg_${hash}_`;
}

/** The staging table of an attempt: its name tells the load and the epoch. */
export function stagingName(key: LoadKey): TableName {
  return { schema: SCHEMA, table: `${prefixOf(key)}${key.epoch}` };
}

/** The same, as it goes into statements. */
export function stagingTable(key: LoadKey): string {
  return quoteTableName(stagingName(key));
}

/**
 * A table with the columns of the target that the load fills, of exactly their types. It is logged: an unlogged one is
 * empty after a crash of the server, without an error.
 */
export async function createStaging(
  session: TargetSession,
  key: LoadKey,
  target: LoadTarget,
): Promise<void> {
  const columns = target.columns.map(quoteIdentifier).join(', ');
  const definition =
    target.newColumns === undefined
      ? `as select ${columns} from ${quoteTableName(target.table)} with no data`
      : `(${target.newColumns.map(({ name, type }) => `${quoteIdentifier(name)} ${type}`).join(', ')})`;
  await session.query(`create table ${stagingTable(key)} ${definition}`);
}

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
    [SCHEMA, prefix, key.epoch],
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
        `drop table if exists ${quoteTableName({ schema: SCHEMA, table: name })}`,
      );
    });
    return true;
  } catch (thrown) {
    if (sqlStateOf(thrown) === LOCK_NOT_AVAILABLE) return false;
    throw thrown;
  }
}
