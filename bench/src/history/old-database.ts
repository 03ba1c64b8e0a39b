import { cp, mkdtemp, readdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { MIGRATIONS_FOLDER, migrate } from '@floe/database';

// The first migration that divides the history: what was before it is an old database.
const FIRST_NEW = '0050';

/** Brings an empty database to the schema of the last version whose history is not divided. */
export async function migrateToOld(url: string): Promise<void> {
  const folder = await mkdtemp(join(tmpdir(), 'floe-old-migrations-'));
  try {
    for (const name of await readdir(MIGRATIONS_FOLDER))
      if (name < FIRST_NEW) await cp(join(MIGRATIONS_FOLDER, name), join(folder, name));
    await migrate(url, folder);
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}
