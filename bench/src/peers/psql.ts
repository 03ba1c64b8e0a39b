/** psql, PostgreSQL's own client, as a peer: the fastest known way to get rows out, doing nothing with them. */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { open, writeFile } from 'node:fs/promises';
import { devNull } from 'node:os';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import type { TargetAddress } from '@floe/database';
import { assert, FloeError } from '@floe/errors';

export type Psql = {
  /** Seconds for the whole command that copies the rows of a query to nowhere, in PostgreSQL's binary format. */
  timeCopy(query: string): Promise<number>;
};

// Far above any copy that is measured.
const COPY_WITHIN_MS = 120_000;

/** Undefined where no psql is in PATH. `folder` gets a file with the password, which only the owner can read. */
export async function findPsql(address: TargetAddress, folder: string): Promise<Psql | undefined> {
  if (!(await isInPath())) return undefined;
  const { host, port, database, user, password } = address;
  const passfile = join(folder, 'bench.pgpass');
  const fields = [host, String(port), database, user, password].map(escapeField);
  await writeFile(passfile, `${fields.join(':')}\n`, { mode: 0o600 });
  const target = Object.entries({
    host,
    port,
    dbname: database,
    user,
    passfile,
    sslmode: 'disable',
  })
    .map(([key, value]) => `${key}=${quoteValue(String(value))}`)
    .join(' ');
  return { timeCopy: (query) => timeCopy(target, query) };
}

async function isInPath(): Promise<boolean> {
  const child = spawn('psql', ['--version'], { stdio: 'ignore' });
  return once(child, 'exit').then(
    ([code]) => code === 0,
    () => false,
  );
}

async function timeCopy(target: string, query: string): Promise<number> {
  await using nowhere = await open(devNull, 'w');
  const copy = `copy (${query}) to stdout (format binary)`;
  const startedAt = performance.now();
  const child = spawn('psql', ['--no-psqlrc', '--quiet', '--command', copy, target], {
    stdio: ['ignore', nowhere.fd, 'pipe'],
    timeout: COPY_WITHIN_MS,
  });
  assert(child.stderr !== null, 'the stderr of psql is a pipe');
  const said = text(child.stderr);
  const [code] = await once(child, 'exit');
  const seconds = (performance.now() - startedAt) / 1_000;
  if (code === 0) return seconds;
  throw new FloeError('INTERNAL', `psql ended with ${code}: ${(await said).trim()}`);
}

/** https://www.postgresql.org/docs/current/libpq-pgpass.html */
function escapeField(value: string): string {
  return value.replaceAll(/[\\:]/g, '\\$&');
}

/** https://www.postgresql.org/docs/current/libpq-connect.html#LIBPQ-CONNSTRING-KEYWORD-VALUE */
function quoteValue(value: string): string {
  return `'${value.replaceAll(/[\\']/g, '\\$&')}'`;
}
