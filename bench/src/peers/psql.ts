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
  /** Seconds until commands that copy the rows of a query each to nowhere, in the binary format, have all ended. */
  timeCopyOut(queries: readonly string[]): Promise<number>;
  /** Writes the rows of a query to a file, in the binary format. */
  writeCopy(query: string, file: string): Promise<void>;
  /** Seconds until commands that copy a file each into a table have all ended. */
  timeCopyIn(table: string, files: readonly string[]): Promise<number>;
};

export const NO_PSQL = 'no psql in PATH';

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
  const copyOut = (query: string, file: string): Promise<void> =>
    runPsql(target, {
      command: `copy (${query}) to stdout (format binary)`,
      stdin: devNull,
      stdout: file,
    });
  const copyIn = (table: string, file: string): Promise<void> =>
    runPsql(target, {
      command: `copy ${table} from stdin (format binary)`,
      stdin: file,
      stdout: devNull,
    });
  return {
    timeCopyOut: (queries) => timeAll(queries.map((query) => () => copyOut(query, devNull))),
    writeCopy: copyOut,
    timeCopyIn: (table, files) => timeAll(files.map((file) => () => copyIn(table, file))),
  };
}

async function isInPath(): Promise<boolean> {
  const child = spawn('psql', ['--version'], { stdio: 'ignore' });
  return once(child, 'exit').then(
    ([code]) => code === 0,
    () => false,
  );
}

async function timeAll(works: readonly (() => Promise<void>)[]): Promise<number> {
  const startedAt = performance.now();
  await Promise.all(works.map((work) => work()));
  return (performance.now() - startedAt) / 1_000;
}

type Copy = { readonly command: string; readonly stdin: string; readonly stdout: string };

async function runPsql(target: string, { command, stdin, stdout }: Copy): Promise<void> {
  await using input = await open(stdin, 'r');
  await using output = await open(stdout, 'w');
  const child = spawn('psql', ['--no-psqlrc', '--quiet', '--command', command, target], {
    stdio: [input.fd, output.fd, 'pipe'],
    timeout: COPY_WITHIN_MS,
  });
  assert(child.stderr !== null, 'the stderr of psql is a pipe');
  const said = text(child.stderr);
  const [code] = await once(child, 'exit');
  if (code !== 0)
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
