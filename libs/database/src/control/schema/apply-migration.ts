import type pg from 'pg';
import { dropHalfMadeIndex, splitOffIndexes } from './make-indexes.ts';
import { recordApplied } from './journal.ts';
import type { MigrationFile } from './migration-file.ts';
import { splitStatements } from './split-statements.ts';

// Of each table that a migration changes. The largest change half a dozen, so others wait for less than a second.
const LOCK_TIMEOUT_MS = 100;
// Statements outside of a transaction hold nobody up while they wait, but not for ever.
const CONCURRENT_LOCK_TIMEOUT_MS = 600_000;

const CONCURRENT_INDEX =
  /^create\s+(?:unique\s+)?index\s+concurrently\s+if\s+not\s+exists\s+(\w+)/i;

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
  const { text, later } = await splitOffIndexes(client, file.text);
  await client.query(`begin; set local lock_timeout = ${LOCK_TIMEOUT_MS}`);
  try {
    await client.query(text);
    await beforeCommit(client);
    await recordApplied(client, file, later);
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
    const [, index] = CONCURRENT_INDEX.exec(statement) ?? [];
    if (index !== undefined) await dropHalfMadeIndex(client, index);
    await client.query(statement);
  }
  await recordApplied(client, file);
  await client.query('reset lock_timeout');
}
