import { readFile, readdir } from 'node:fs/promises';
import { join } from 'node:path';
import pg from 'pg';
import { FloeError } from '@floe/errors';
import { toControlError } from './control-error.ts';

export type MigrationReport = { readonly applied: readonly string[] };

const MIGRATIONS_FOLDER = join(import.meta.dirname, '../../../../migrations');
const FILE_NAME = /^\d{4}_[a-z0-9_]+\.sql$/;
// Any number will do as long as every Floe uses the same: it lets one migrator in at a time.
const ADVISORY_LOCK_KEY = 4_205_071;
// A migrator that waits longer is stuck behind another that hangs.
const LOCK_WAIT_MS = 60_000;

/**
 * Brings the control database to the schema of this version: every file of `migrations/` once, in order, each in its
 * own transaction. Safe to call from many processes at once. A database that holds migrations which this version does
 * not know is newer: SCHEMA_INCOMPATIBLE.
 */
export async function migrate(databaseUrl: string): Promise<MigrationReport> {
  const client = new pg.Client({ connectionString: databaseUrl, application_name: 'floe-migrate' });
  // A connection that breaks rejects the query in flight, which reports it.
  client.on('error', () => undefined);
  try {
    await client.connect();
    await client.query(`set lock_timeout = ${LOCK_WAIT_MS}`);
    await client.query('select pg_advisory_lock($1)', [ADVISORY_LOCK_KEY]);
    return { applied: await applyMissing(client) };
  } catch (error) {
    throw toControlError(error);
  } finally {
    await client.end();
  }
}

async function applyMissing(client: pg.Client): Promise<string[]> {
  await client.query('create schema if not exists floe');
  await client.query(
    `create table if not exists floe.migration (
       name text primary key, applied_at timestamptz not null default clock_timestamp())`,
  );
  const files = (await readdir(MIGRATIONS_FOLDER)).filter((name) => FILE_NAME.test(name)).sort();
  const done = await client.query<{ name: string }>(
    'select name from floe.migration order by name',
  );
  refuseUnknown(
    done.rows.map((row) => row.name),
    files,
  );
  const known = new Set(done.rows.map((row) => row.name));
  const missing = files.filter((name) => !known.has(name));
  for (const name of missing) await applyOne(client, name);
  return missing;
}

function refuseUnknown(applied: readonly string[], files: readonly string[]): void {
  const unknown = applied.filter((name) => !files.includes(name));
  if (unknown.length === 0) return;
  throw new FloeError(
    'SCHEMA_INCOMPATIBLE',
    `the control database has ${unknown.at(-1)}, which this version does not know`,
    {
      hint: 'Run the newer Floe that made it, or restore a backup from before the upgrade.',
    },
  );
}

async function applyOne(client: pg.Client, name: string): Promise<void> {
  const text = await readFile(join(MIGRATIONS_FOLDER, name), 'utf8');
  await client.query('begin');
  try {
    await client.query(text);
    await client.query('insert into floe.migration (name) values ($1)', [name]);
    await client.query('commit');
  } catch (error) {
    await client.query('rollback');
    throw new FloeError('INTERNAL', `migration ${name} failed: ${String(error)}`, { cause: error });
  }
}
