import { createHash } from 'node:crypto';
import {
  type TableName,
  type TargetSession,
  quoteIdentifier,
  quoteTableName,
  sqlStateOf,
} from '@floe/database/target';
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
 * A table for the columns of the target that the load fills, with its types and its checks, so that a row that breaks
 * one is found while it is copied, by its number. Columns that travel as text are text here.
 *
 * It is not logged, which saves half of the writing: after a crash of the server it would be empty, but the session
 * that made it does not outlive a crash either, and no other session ever merges it.
 */
export async function createStaging(
  session: TargetSession,
  key: LoadKey,
  target: LoadTarget,
): Promise<void> {
  const staging = stagingTable(key);
  if (target.newColumns !== undefined) {
    const columns = target.newColumns.map(({ name, type }) => `${quoteIdentifier(name)} ${type}`);
    await session.query(`create unlogged table ${staging} (${columns.join(', ')})`);
    return;
  }
  await session.query(
    `create unlogged table ${staging} (like ${quoteTableName(target.table)} including constraints)`,
  );
  const texts = target.plan.flatMap(({ target: { name }, through }) =>
    through === undefined ? [] : [{ name, type: through.name }],
  );
  const changes = [...target.otherColumns, ...texts.map(({ name }) => name)].map(
    (name) => `drop column ${quoteIdentifier(name)} cascade`,
  );
  if (changes.length > 0) await session.query(`alter table ${staging} ${changes.join(', ')}`);
  const additions = texts.map(({ name, type }) => `add column ${quoteIdentifier(name)} ${type}`);
  if (additions.length > 0) await session.query(`alter table ${staging} ${additions.join(', ')}`);
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
