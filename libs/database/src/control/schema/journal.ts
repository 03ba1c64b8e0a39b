import type pg from 'pg';
import { FloeError } from '@floe/errors';
import type { MigrationFile } from './migration-file.ts';

/** What was run in a database. */
export type JournalEntry = {
  readonly name: string;
  readonly applied_at: number;
  readonly is_breaking: boolean;
  /** Of the file as it was then; null for those of a Floe that kept none. */
  readonly checksum: string | null;
  /** How many of its indexes are still to be made. */
  readonly unfinished: number;
};

type Client = Pick<pg.Client, 'query'>;

export async function ensureJournal(
  client: Client,
  files: readonly MigrationFile[],
): Promise<void> {
  await client.query('create schema if not exists floe');
  await client.query(
    `create table if not exists floe.migration (
       name text primary key, applied_at timestamptz not null default clock_timestamp(),
       checksum text, is_breaking boolean not null default false, unfinished_indexes text[] not null default '{}')`,
  );
  if (!(await hasColumn(client, 'checksum'))) await addChecksums(client, files);
  if (await hasColumn(client, 'unfinished_indexes')) return;
  await client.query(
    `alter table floe.migration add column unfinished_indexes text[] not null default '{}'`,
  );
}

async function addChecksums(client: Client, files: readonly MigrationFile[]): Promise<void> {
  await client.query(
    `alter table floe.migration add column checksum text, add column is_breaking boolean not null default false`,
  );
  // The versions that kept no checksums changed no file after it had come out.
  await client.query(
    `update floe.migration m set checksum = f.checksum
     from unnest($1::text[], $2::text[]) as f (name, checksum) where f.name = m.name`,
    [files.map(({ name }) => name), files.map(({ checksum }) => checksum)],
  );
}

async function hasColumn(client: Client, column: string): Promise<boolean> {
  const { rows } = await client.query(
    `select from pg_attribute where attrelid = 'floe.migration'::regclass and attname = $1`,
    [column],
  );
  return rows.length > 0;
}

export async function readJournal(client: Client): Promise<readonly JournalEntry[]> {
  const { rows } = await client.query<JournalEntry>(
    `select name, floor(extract(epoch from applied_at) * 1000)::float8 as applied_at, is_breaking, checksum,
       coalesce(jsonb_array_length(to_jsonb(m) -> 'unfinished_indexes'), 0) as unfinished
     from floe.migration m order by name`,
  );
  return rows;
}

/** What is left to do of it stands there with it. */
export async function recordApplied(
  client: Client,
  file: MigrationFile,
  unfinished: readonly string[] = [],
): Promise<void> {
  await client.query(
    `insert into floe.migration (name, checksum, is_breaking, unfinished_indexes) values ($1, $2, $3, $4)`,
    [file.name, file.checksum, file.isBreaking, unfinished],
  );
}

/** The statements of indexes that are still to be made, in the order of their migrations. */
export async function readUnfinished(client: Client): Promise<readonly string[]> {
  const { rows } = await client.query<{ statement: string }>(
    `select statement from floe.migration, unnest(unfinished_indexes) with ordinality as u (statement, place)
     order by name, place`,
  );
  return rows.map(({ statement }) => statement);
}

export async function recordFinished(client: Client, statement: string): Promise<void> {
  await client.query(
    `update floe.migration set unfinished_indexes = array_remove(unfinished_indexes, $1)
     where $1 = any(unfinished_indexes)`,
    [statement],
  );
}

/** Throws SCHEMA_INCOMPATIBLE where a newer Floe has changed what this one relies on. */
export function refuseNewer(
  journal: readonly Pick<JournalEntry, 'name' | 'is_breaking'>[],
  files: readonly Pick<MigrationFile, 'name'>[],
): void {
  const known = new Set(files.map(({ name }) => name));
  const breaking = journal.findLast(({ name, is_breaking }) => is_breaking && !known.has(name));
  if (breaking === undefined) return;
  throw new FloeError(
    'SCHEMA_INCOMPATIBLE',
    `the control database has ${breaking.name}, which this version does not know and cannot work with`,
    {
      hint: 'Run the newer Floe that made it, or restore a backup from before the upgrade.',
    },
  );
}
