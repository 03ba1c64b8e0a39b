import { setTimeout as delay } from 'node:timers/promises';
import { FloeError } from '@floe/errors';
import type { ControlDatabase } from '../control-database.ts';
import { toControlError } from '../control-error.ts';
import { refuseNewer, type JournalEntry } from './journal.ts';
import { readMigrations } from './migration-file.ts';

// PostgreSQL may start at the same time; whoever waits longer for it is started again by others.
const ANSWER_WAIT_MS = 30_000;
const ANSWER_LOOK_MS = 250;

type Journal = readonly Pick<JournalEntry, 'name' | 'is_breaking'>[];

const READ_JOURNAL = {
  name: 'read_journal',
  text: `/* read_journal */ select name, is_breaking from floe.migration order by name`,
};

/**
 * Refuses to go on with a schema that this version cannot use: one that lacks migrations, or has breaking ones that it
 * does not know. A database that does not answer yet is waited for. Throws SCHEMA_INCOMPATIBLE or DATABASE_UNAVAILABLE.
 */
export async function requireSchema(database: Pick<ControlDatabase, 'query'>): Promise<void> {
  const [files, journal] = await Promise.all([readMigrations(), readPatiently(database)]);
  refuseNewer(journal, files);
  const applied = new Set(journal.map(({ name }) => name));
  const missing = files.find(({ name }) => !applied.has(name));
  if (missing !== undefined) throw olderThan(missing.name);
}

async function readPatiently(database: Pick<ControlDatabase, 'query'>): Promise<Journal> {
  const deadline = performance.now() + ANSWER_WAIT_MS;
  for (;;) {
    try {
      return await database.query<JournalEntry>(READ_JOURNAL, []);
    } catch (thrown) {
      const error = toControlError(thrown);
      // Without the table, its columns or the right to read them, the schema is of an older Floe or none.
      if (error.code === 'INTERNAL') throw olderThan('floe.migration', error);
      if (performance.now() > deadline) throw error;
      await delay(ANSWER_LOOK_MS);
    }
  }
}

function olderThan(missing: string, cause?: unknown): FloeError {
  return new FloeError('SCHEMA_INCOMPATIBLE', `the control database lacks ${missing}`, {
    cause,
    hint: 'Bring it to the schema of this version with: floe db migrate',
  });
}
