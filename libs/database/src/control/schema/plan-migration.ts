/**
 * What a migration would do, without doing it.
 *
 * Which locks a migration takes is not guessed from its text: it is run in an empty database beside, which is made for
 * this and removed, and PostgreSQL says what it held at the end.
 */
import { randomBytes } from 'node:crypto';
import type pg from 'pg';
import { toControlError } from '../control-error.ts';
import { applyMigration } from './apply-migration.ts';
import { ensureJournal } from './journal.ts';
import type { MigrationFile } from './migration-file.ts';
import { withMigrator } from './migrator.ts';
import { readPending } from './schema-status.ts';

/** Who waits while a table is changed: those who write to it, or everybody who touches it. */
export type TableLock = { readonly table: string; readonly holdsUp: 'writers' | 'everybody' };

export type PlannedMigration = {
  readonly name: string;
  readonly text: string;
  readonly isBreaking: boolean;
  readonly isTransaction: boolean;
  /** On tables that are there before; undefined where the user may make no database to find out. */
  readonly locks: readonly TableLock[] | undefined;
};

export function planMigration(
  databaseUrl: string,
  folder?: string,
): Promise<readonly PlannedMigration[]> {
  return withMigrator(databaseUrl, async (client) => {
    const { pending, done } = await readPending(client, folder);
    if (pending.length === 0) return [];
    const locks = await tryOut(databaseUrl, client, { pending, done });
    return pending.map(({ name, text, isBreaking, isTransaction }) => {
      return { name, text, isBreaking, isTransaction, locks: locks?.get(name) };
    });
  });
}

type Files = {
  readonly pending: readonly MigrationFile[];
  readonly done: readonly MigrationFile[];
};
type Locks = ReadonlyMap<string, readonly TableLock[]>;

async function tryOut(
  databaseUrl: string,
  client: pg.Client,
  files: Files,
): Promise<Locks | undefined> {
  const { rows } = await client.query<{ may: boolean }>(
    'select rolcreatedb or rolsuper as may from pg_roles where rolname = current_user',
  );
  if (rows[0]?.may !== true) return undefined;
  const name = `floe_dry_run_${randomBytes(6).toString('hex')}`;
  await client.query(`create database ${name}`);
  try {
    const url = new URL(databaseUrl);
    url.pathname = `/${name}`;
    return await withMigrator(url.href, (trial) => watchLocks(trial, files));
  } finally {
    await client.query(`drop database if exists ${name} with (force)`).catch((error: unknown) => {
      throw toControlError(error);
    });
  }
}

async function watchLocks(trial: pg.Client, { done, pending }: Files): Promise<Locks> {
  await ensureJournal(trial, done);
  for (const file of done) await applyMigration(trial, file);
  const locks = new Map<string, readonly TableLock[]>();
  for (const file of pending) {
    const tables = await namesOfTables(trial);
    // What runs outside of a transaction is there because it holds nobody up.
    locks.set(file.name, []);
    await applyMigration(trial, file, async (client) => {
      locks.set(file.name, await heldLocks(client, tables));
    });
  }
  return locks;
}

async function namesOfTables(client: pg.Client): Promise<ReadonlyMap<number, string>> {
  const { rows } = await client.query<{ oid: number; name: string }>(
    `select oid, 'floe.' || relname as name from pg_class
     where relnamespace = 'floe'::regnamespace and relkind in ('r', 'p') and relname <> 'migration'`,
  );
  return new Map(rows.map(({ oid, name }) => [oid, name]));
}

async function heldLocks(
  client: pg.Client,
  tables: ReadonlyMap<number, string>,
): Promise<readonly TableLock[]> {
  const { rows } = await client.query<{ oid: number; is_exclusive: boolean }>(
    `select relation as oid, bool_or(mode = 'AccessExclusiveLock') as is_exclusive from pg_locks
     where pid = pg_backend_pid() and locktype = 'relation' and granted
       and mode in ('ShareLock', 'ShareRowExclusiveLock', 'ExclusiveLock', 'AccessExclusiveLock')
     group by relation`,
  );
  return rows
    .flatMap(({ oid, is_exclusive }): TableLock[] => {
      const table = tables.get(oid);
      if (table === undefined) return [];
      return [{ table, holdsUp: is_exclusive ? 'everybody' : 'writers' }];
    })
    .toSorted((left, right) => (left.table < right.table ? -1 : 1));
}
