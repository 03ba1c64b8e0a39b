/**
 * A PostgreSQL of another major than the one that Floe brings, for trying what users' servers do: tests run against the
 * server whose folder FLOE_TEST_POSTGRES names, with `bin/initdb` and `bin/postgres` in it.
 */
import { execFile } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { appendFile, chown, rm, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { promisify } from 'node:util';
import type { Cluster } from '@floe/embedded';

/** Initialising takes about a second; a busy machine may take many. */
const INITDB_WITHIN_MS = 120_000;
/** Settings of our templates that majors before this do not know. */
const SINCE_MAJOR: Readonly<Record<string, number>> = { scram_iterations: 16 };

export type OtherPostgres = {
  readonly binaries: Cluster['binaries'];
  /** `13.23`. */
  readonly version: string;
};

/** Undefined where the environment names none: tests then run against the PostgreSQL that Floe brings. */
export async function findOtherPostgres(): Promise<OtherPostgres | undefined> {
  const { FLOE_TEST_POSTGRES: folder } = process.env;
  if (folder === undefined || folder === '') return undefined;
  const postgres = join(folder, 'bin', 'postgres');
  const { stdout } = await promisify(execFile)(postgres, ['--version']);
  const version = /\(PostgreSQL\) (?<version>\d+[.\w]*)/.exec(stdout)?.groups?.['version'];
  if (version === undefined) throw new Error(`${postgres} is no PostgreSQL: ${stdout}`);
  return { binaries: { initdb: join(folder, 'bin', 'initdb'), postgres }, version };
}

/** Like `createCluster` of Floe's own PostgreSQL, with what initdb of every major knows. */
export async function createOtherCluster(
  { binaries, dataDir, user }: Cluster,
  options: {
    readonly version: string;
    readonly superuser: string;
    readonly password: string;
    readonly settings: Readonly<Record<string, string>>;
  },
): Promise<void> {
  const passwordFile = join(dirname(dataDir), `.password-${randomUUID()}`);
  await writeFile(passwordFile, `${options.password}\n`, { mode: 0o600 });
  if (user) await chown(passwordFile, user.uid, user.gid);
  const args = [
    `--pgdata=${dataDir}`,
    `--username=${options.superuser}`,
    `--pwfile=${passwordFile}`,
    '--auth=scram-sha-256',
    '--encoding=UTF8',
    '--locale=C',
    '--no-sync',
  ];
  try {
    await promisify(execFile)(binaries.initdb, args, {
      cwd: dirname(dataDir),
      env: { PATH: process.env['PATH'] ?? '/usr/bin:/bin', LC_ALL: 'C', TZ: 'UTC' },
      timeout: INITDB_WITHIN_MS,
      ...(user && { uid: user.uid, gid: user.gid }),
    });
  } finally {
    await rm(passwordFile, { force: true });
  }
  const lines = Object.entries(options.settings)
    .filter(([name]) => Number.parseInt(options.version, 10) >= (SINCE_MAJOR[name] ?? 0))
    .map(([name, value]) => `${name} = '${value}'\n`);
  await appendFile(join(dataDir, 'postgresql.conf'), `\n${lines.join('')}`);
}
