import type pg from 'pg';
import { recordApplied } from './journal.ts';
import type { MigrationFile } from './migration-file.ts';
import { splitStatements } from './split-statements.ts';

// Of each table that a migration changes. The largest change half a dozen, so others wait for less than a second.
const LOCK_TIMEOUT_MS = 100;
// Statements outside of a transaction hold nobody up while they wait, but not for ever.
const CONCURRENT_LOCK_TIMEOUT_MS = 600_000;

/** Within the transaction of a migration, before its end. */
export type BeforeCommit = (client: pg.Client) => Promise<void>;

export async function applyMigration(
  client: pg.Client,
  file: MigrationFile,
  beforeCommit: BeforeCommit = () => Promise.resolve(),
): Promise<void> {
  if (file.isTransaction) await applyAtOnce(client, file, beforeCommit);
  else await applyInSteps(client, file);
}

async function applyAtOnce(
  client: pg.Client,
  file: MigrationFile,
  beforeCommit: BeforeCommit,
): Promise<void> {
  await client.query(`begin; set local lock_timeout = ${LOCK_TIMEOUT_MS}`);
  try {
    await client.query(file.text);
    await beforeCommit(client);
    await recordApplied(client, file);
    await client.query('commit');
  } catch (error) {
    // The connection may be gone; the first error is the one to tell.
    await client.query('rollback').catch(() => undefined);
    throw error;
  }
}

async function applyInSteps(client: pg.Client, file: MigrationFile): Promise<void> {
  await client.query(`set lock_timeout = ${CONCURRENT_LOCK_TIMEOUT_MS}`);
  for (const statement of splitStatements(file.text)) {
    await dropHalfMadeIndex(client, statement);
    await client.query(statement);
  }
  await recordApplied(client, file);
  await client.query('reset lock_timeout');
}

const CONCURRENT_INDEX =
  /^create\s+(?:unique\s+)?index\s+concurrently\s+if\s+not\s+exists\s+(\w+)/i;

/** What was cut off leaves an index that exists and is of no use to anybody. */
async function dropHalfMadeIndex(client: pg.Client, statement: string): Promise<void> {
  const [, name] = CONCURRENT_INDEX.exec(statement) ?? [];
  if (name === undefined) return;
  const { rows } = await client.query(
    `select from pg_index join pg_class on oid = indexrelid
     where relnamespace = 'floe'::regnamespace and relname = $1 and not indisvalid`,
    [name],
  );
  if (rows.length > 0) await client.query(`drop index concurrently floe.${name}`);
}
