/**
 * The files of `migrations/`. Lines of comment before the first statement may say how a file is to be run:
 *
 *   -- breaking         a Floe that does not know this file cannot work with the schema that it makes
 *   -- no-transaction   each statement by itself; all of them can be repeated, so that half a file is no harm
 */
import { createHash } from 'node:crypto';
import { readFile, readdir } from 'node:fs/promises';
import { join } from 'node:path';

export type MigrationFile = {
  readonly name: string;
  readonly text: string;
  /** SHA-256, the same whatever ends the lines. */
  readonly checksum: string;
  readonly isBreaking: boolean;
  readonly isTransaction: boolean;
};

export const MIGRATIONS_FOLDER = join(import.meta.dirname, '../../../../../migrations');
const FILE_NAME = /^\d{4}_[a-z0-9_]+\.sql$/;

export async function readMigrations(
  folder = MIGRATIONS_FOLDER,
): Promise<readonly MigrationFile[]> {
  const names = (await readdir(folder)).filter((name) => FILE_NAME.test(name)).sort();
  return Promise.all(
    names.map(async (name) => toMigration(name, await readFile(join(folder, name), 'utf8'))),
  );
}

export function toMigration(name: string, raw: string): MigrationFile {
  const text = raw.replaceAll('\r\n', '\n');
  const lines = text.split('\n');
  const end = lines.findIndex((line) => !line.startsWith('--'));
  const marks = new Set(lines.slice(0, end).map((line) => line.slice(2).trim()));
  return {
    name,
    text,
    checksum: createHash('sha256').update(text).digest('hex'),
    isBreaking: marks.has('breaking'),
    isTransaction: !marks.has('no-transaction'),
  };
}
