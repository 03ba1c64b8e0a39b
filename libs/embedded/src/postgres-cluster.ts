import { execFile } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { chown, mkdir, rm, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { promisify } from 'node:util';
import { FloeError } from '@floe/errors';
import type { ChildSpec } from './child-process.ts';
import type { PostgresBinaries } from './postgres-binaries.ts';
import { isPostmasterReady } from './postmaster-pid.ts';
import type { SystemUser } from './system-user.ts';

export type Cluster = {
  readonly binaries: PostgresBinaries;
  readonly dataDir: string;
  /** The account that owns the files and runs the server, when it is not this process's own. */
  readonly user?: SystemUser;
};

// Initialising takes about a second; a slow disk with real syncs may take many.
const INITDB_WITHIN_MS = 120_000;
// Recovery after a crash replays up to max_wal_size of log, and PostgreSQL waits for leftovers of the dead server.
const READY_WITHIN_MS = 60_000;
// A fast shutdown writes one checkpoint.
const STOP_WITHIN_MS = 20_000;

/**
 * Makes a database cluster: UTF-8, sorted by code point on every machine alike, UTC, password authentication also on
 * loopback. `settings` become lines of postgresql.conf.
 */
export async function createCluster(
  cluster: Cluster,
  options: { superuser: string; password: string; settings: Readonly<Record<string, string>> },
): Promise<void> {
  const { binaries, dataDir, user } = cluster;
  await mkdir(dataDir, { recursive: true, mode: 0o700 });
  if (user) await chown(dataDir, user.uid, user.gid);
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
    '--locale-provider=builtin',
    '--builtin-locale=C.UTF-8',
    '--no-instructions',
    ...(options.settings['fsync'] === 'off' ? ['--no-sync'] : []),
    ...Object.entries(options.settings).flatMap(([name, value]) => ['-c', `${name}=${value}`]),
  ];
  try {
    await promisify(execFile)(binaries.initdb, args, {
      cwd: dataDir,
      env: postgresEnvironment(),
      timeout: INITDB_WITHIN_MS,
      ...(user && { uid: user.uid, gid: user.gid }),
    });
  } catch (cause) {
    throw new FloeError(
      'DATABASE_UNAVAILABLE',
      `PostgreSQL could not make a database in ${dataDir}`,
      {
        cause,
        hint: stderrOf(cause),
      },
    );
  } finally {
    await rm(passwordFile, { force: true });
  }
}

function stderrOf(error: unknown): string {
  const stderr = error instanceof Error && 'stderr' in error ? error.stderr : undefined;
  return typeof stderr === 'string' ? stderr.trim() : String(error);
}

/** How to start the server of a cluster on a port of loopback. */
export function postgresSpec(
  cluster: Cluster,
  options: { port: number; logFile: string; flags?: readonly string[] },
): ChildSpec {
  const { binaries, dataDir, user } = cluster;
  const { port, logFile, flags = [] } = options;
  return {
    name: 'postgres',
    command: binaries.postgres,
    // No Unix socket: its folder would have to be shared with other servers of this machine.
    args: ['-D', dataDir, '-p', String(port), '-h', '127.0.0.1', '-k', '', ...flags],
    env: postgresEnvironment(),
    cwd: dataDir,
    ...(user && { user }),
    logFile,
    readiness: { kind: 'probe', isReady: (pid) => isPostmasterReady(dataDir, pid) },
    readyWithinMs: READY_WITHIN_MS,
    // SIGINT is PostgreSQL's fast shutdown: open transactions are rolled back, everything is written.
    stopSignal: 'SIGINT',
    stopWithinMs: STOP_WITHIN_MS,
  };
}

/** Nothing of the caller's environment (PG* variables, locale) may change what the server does. */
function postgresEnvironment(): Record<string, string> {
  return { PATH: process.env['PATH'] ?? '/usr/bin:/bin', LC_ALL: 'C', TZ: 'UTC' };
}
