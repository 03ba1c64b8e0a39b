/** Python as a peer: scripts beside this file, run by the python3 of PATH, which time themselves without their imports. */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { text } from 'node:stream/consumers';
import { fileURLToPath } from 'node:url';
import type { TargetAddress } from '@floe/database';
import { FloeError } from '@floe/errors';

export type PythonScript = 'etl_pandas.py' | 'etl_polars.py';

export type Tables = { readonly source: string; readonly detail: string; readonly summary: string };

export type Python =
  | { readonly skipped: string }
  | {
      readonly skipped: undefined;
      /** Seconds that the script needed. */
      time(address: TargetAddress, tables: Tables): Promise<number>;
    };

const MODULES: Readonly<Record<PythonScript, string>> = {
  'etl_pandas.py': 'pandas, sqlalchemy, psycopg',
  'etl_polars.py': 'polars, psycopg',
};
// pandas needs 1.4 GiB for each million of rows, Polars 0.5 GiB.
const ROWS_MAX: Readonly<Record<PythonScript, number>> = {
  'etl_pandas.py': 5_000_000,
  'etl_polars.py': 20_000_000,
};
// pandas takes a minute on two million rows; this is for one that hangs.
const WITHIN_MS = 900_000;

export async function findPython(script: PythonScript, rows: number): Promise<Python> {
  const rowsMax = ROWS_MAX[script];
  if (rows > rowsMax)
    return {
      skipped: `it holds all rows in memory, which is for ${rowsMax.toLocaleString('en')} at most`,
    };
  const modules = MODULES[script];
  const found = await run(['-c', `import ${modules}`], '').catch(() => undefined);
  if (found === undefined) return { skipped: 'no python3 in PATH' };
  if (found.code !== 0) return { skipped: `the python3 of PATH lacks one of ${modules}` };
  return { skipped: undefined, time: (address, tables) => time(script, address, tables) };
}

/** Address and tables go in as JSON: a password has no place among the words of a command. */
async function time(script: PythonScript, address: TargetAddress, tables: Tables): Promise<number> {
  const { host, port, database: dbname, user, password } = address;
  const path = fileURLToPath(new URL(script, import.meta.url));
  const input = JSON.stringify({ address: { host, port, dbname, user, password }, ...tables });
  const { code, stdout, stderr } = await run([path], input);
  const seconds = Number(stdout.trim());
  if (code === 0 && seconds > 0) return seconds;
  throw new FloeError('INTERNAL', `${script} ended with ${code}: ${stderr.trim()}`);
}

async function run(words: readonly string[], input: string) {
  const child = spawn('python3', words, { stdio: 'pipe', timeout: WITHIN_MS });
  child.stdin.end(input);
  const said = [text(child.stdout), text(child.stderr)] as const;
  const [code] = (await once(child, 'close')) as [number | null];
  const [stdout, stderr] = await Promise.all(said);
  return { code, stdout, stderr };
}
