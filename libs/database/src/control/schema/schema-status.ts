import type pg from 'pg';
import { readJournal, refuseNewer, type JournalEntry } from './journal.ts';
import { readMigrations, type MigrationFile } from './migration-file.ts';
import { withMigrator } from './migrator.ts';

export type MigrationState =
  | 'applied'
  | 'pending'
  /** Applied, and its file has changed since: what it would make is not what there is. */
  | 'changed'
  /** Applied by a newer Floe. */
  | 'unknown';

export type MigrationStatus = {
  readonly name: string;
  readonly state: MigrationState;
  readonly isBreaking: boolean;
  /** Milliseconds since 1970. */
  readonly appliedAt?: number;
};

/** Every migration that this version knows or the database has, in their order. Changes nothing. */
export function readSchemaStatus(
  databaseUrl: string,
  folder?: string,
): Promise<readonly MigrationStatus[]> {
  return withMigrator(databaseUrl, async (client) =>
    toStatus(await readJournalIfAny(client), await readMigrations(folder)),
  );
}

/** The migrations that are to be run, of a database that may be empty. Throws SCHEMA_INCOMPATIBLE. */
export async function readPending(
  client: pg.Client,
  folder?: string,
): Promise<{
  readonly pending: readonly MigrationFile[];
  readonly done: readonly MigrationFile[];
}> {
  const [journal, files] = [await readJournalIfAny(client), await readMigrations(folder)];
  refuseNewer(journal, files);
  const applied = new Set(journal.map(({ name }) => name));
  return {
    pending: files.filter(({ name }) => !applied.has(name)),
    done: files.filter(({ name }) => applied.has(name)),
  };
}

async function readJournalIfAny(client: pg.Client): Promise<readonly JournalEntry[]> {
  const { rows } = await client.query<{ columns: number }>(
    `select count(*)::int as columns from pg_attribute
     where attrelid = to_regclass('floe.migration') and attname in ('name', 'checksum')`,
  );
  if (rows[0]!.columns === 0) return [];
  if (rows[0]!.columns === 2) return readJournal(client);
  // Of a Floe that kept no checksums; the next migration adds them.
  const { rows: old } = await client.query<JournalEntry>(
    `select name, floor(extract(epoch from applied_at) * 1000)::float8 as applied_at, false as is_breaking,
       null as checksum, 0 as unfinished
     from floe.migration order by name`,
  );
  return old;
}

function stateOf({ checksum, unfinished }: JournalEntry, file: MigrationFile): MigrationState {
  if (checksum !== null && checksum !== file.checksum) return 'changed';
  // The next migration makes its indexes.
  return unfinished > 0 ? 'pending' : 'applied';
}

export function toStatus(
  journal: readonly JournalEntry[],
  files: readonly MigrationFile[],
): readonly MigrationStatus[] {
  const applied = new Map(journal.map((entry) => [entry.name, entry]));
  const known = files.map((file): MigrationStatus => {
    const { name, isBreaking } = file;
    const entry = applied.get(name);
    if (entry === undefined) return { name, state: 'pending', isBreaking };
    return {
      name,
      state: stateOf(entry, file),
      isBreaking,
      appliedAt: entry.applied_at,
    };
  });
  const names = new Set(files.map(({ name }) => name));
  const newer = journal
    .filter(({ name }) => !names.has(name))
    .map(({ name, is_breaking, applied_at }): MigrationStatus => {
      return { name, state: 'unknown', isBreaking: is_breaking, appliedAt: applied_at };
    });
  return [...known, ...newer].toSorted((left, right) => (left.name < right.name ? -1 : 1));
}
