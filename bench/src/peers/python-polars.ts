/** py-polars as a peer: the same texts, run by Python over the same files. */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { fileURLToPath } from 'node:url';
import { FloeError } from '@floe/errors';

export type PolarsTexts = {
  /** Arrow files by the names of their frames. */
  readonly tables: Readonly<Record<string, string>>;
  readonly queries: readonly string[];
  /** The file into which each result goes, one over the other. */
  readonly output: string;
};

export type PythonPolars = {
  readonly version: string;
  /** Seconds for all texts, one after the other, after rounds that do not count. */
  timeAll(texts: PolarsTexts): Promise<number>;
};

const SCRIPT = fileURLToPath(new URL('python_polars.py', import.meta.url));
// Far above any round that is measured.
const ROUND_WITHIN_MS = 300_000;

/** Undefined where the `python3` in PATH has no Polars. */
export async function findPythonPolars(folder: string): Promise<PythonPolars | undefined> {
  const version = await say(['-c', 'import polars; print(polars.__version__)']).catch(
    () => undefined,
  );
  if (version === undefined) return undefined;
  const planFile = join(folder, 'python-polars.json');
  return {
    version,
    async timeAll(texts) {
      await writeFile(planFile, JSON.stringify(texts));
      return Number(await say([SCRIPT, planFile]));
    },
  };
}

/** What Python prints. Errors: INTERNAL when it ends with one. */
async function say(words: readonly string[]): Promise<string> {
  const child = spawn('python3', [...words], {
    stdio: ['ignore', 'pipe', 'pipe'],
    timeout: ROUND_WITHIN_MS,
  });
  const [said, complained] = [text(child.stdout), text(child.stderr)];
  const [code] = await once(child, 'exit');
  if (code === 0) return (await said).trim();
  throw new FloeError('INTERNAL', `python3 ended with ${code}: ${(await complained).trim()}`);
}
