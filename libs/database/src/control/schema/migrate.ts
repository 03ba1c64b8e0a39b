/**
 * Brings the control database to the schema of this version.
 *
 *   M1. Every file of `migrations/` is run once, in order, and recorded in the transaction that ran it. One that was cut
 *       off has done nothing, or (without a transaction) is run again from its beginning.
 *   M2. One migrator at a time. The others look again instead of waiting in the database: a statement that waits holds
 *       a snapshot, for which `create index concurrently` would wait in turn.
 *   M3. Whoever writes meanwhile never waits long: a lock that is not had at once is given up, with all that the
 *       migration had done, and the migration tried again. Indexes of tables with many rows are made after it, beside.
 *   M4. A schema that holds breaking files which this version does not know is left alone.
 *   M5. A breaking file, and what comes with it, is run only while no service is connected.
 */
import { setTimeout as delay } from 'node:timers/promises';
import type pg from 'pg';
import { FloeError } from '@floe/errors';
import { adoptOldTables } from './adopt-old-tables.ts';
import { applyMigration } from './apply-migration.ts';
import { ensureJournal, readJournal, refuseNewer } from './journal.ts';
import { makeIndexes } from './make-indexes.ts';
import { readMigrations, type MigrationFile } from './migration-file.ts';
import { withMigrator } from './migrator.ts';
import { patiently } from './patience.ts';
import { requireNobody } from './require-nobody.ts';

export type MigrationReport = { readonly applied: readonly string[] };

// Any number will do as long as every Floe uses the same: it lets one migrator in at a time.
const ADVISORY_LOCK_KEY = 4_205_071;
// A migrator that waits longer is stuck behind another that hangs.
const TURN_WAIT_MS = 600_000;
const TURN_LOOK_MS = 200;
// Whoever blocks is asked to leave by then, where it is a vacuum: sooner than the lock is given up.
const DEADLOCK_TIMEOUT_MS = 50;

/** Safe to call from many processes at once, and again after it was killed. */
export function migrate(databaseUrl: string, folder?: string): Promise<MigrationReport> {
  return withMigrator(databaseUrl, async (client) => {
    await takeTurn(client);
    const applied = await applyMissing(client, await readMigrations(folder));
    // Files from elsewhere are another schema.
    if (folder === undefined) {
      await adoptOldTables(client, patiently);
    }
    return { applied };
  });
}

/** M2. The lock goes with the connection. */
async function takeTurn(client: pg.Client): Promise<void> {
  const deadline = performance.now() + TURN_WAIT_MS;
  for (;;) {
    const { rows } = await client.query<{ mine: boolean }>(
      'select pg_try_advisory_lock($1) as mine',
      [ADVISORY_LOCK_KEY],
    );
    if (rows[0]!.mine) return;
    if (performance.now() > deadline) {
      throw new FloeError('DATABASE_UNAVAILABLE', 'another migration of this database goes on', {
        hint: 'Wait for it; pg_stat_activity shows it as floe-migrate.',
      });
    }
    await delay(TURN_LOOK_MS);
  }
}

async function applyMissing(client: pg.Client, files: readonly MigrationFile[]): Promise<string[]> {
  await ensureJournal(client, files);
  const journal = await readJournal(client);
  refuseNewer(journal, files);
  const known = new Set(journal.map(({ name }) => name));
  const missing = files.filter(({ name }) => !known.has(name));
  const breaking = missing.find(({ isBreaking }) => isBreaking);
  if (breaking !== undefined) await requireNobody(client, breaking);
  // Only a superuser may; without it a vacuum is waited for as for anybody else.
  await client.query(`set deadlock_timeout = ${DEADLOCK_TIMEOUT_MS}`).catch(() => undefined);
  // Those of a migrator that was killed.
  await makeIndexes(client, patiently);
  for (const file of missing) {
    await patiently(file.name, () => applyMigration(client, file));
    await makeIndexes(client, patiently);
  }
  return missing.map(({ name }) => name);
}
