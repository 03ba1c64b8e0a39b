/** What a kept folder knows of the history in its database, so that it is filled once and asked again and again. */
import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { FloeError } from '@floe/errors';
import type { BenchFloe } from '../floe/bench-floe.ts';
import type { HistorySize } from './seed-history.ts';

const FILE = 'history.json';

/** The size of the history that was filled in before; undefined when none was. */
export async function readKeptHistory({ stateDir }: BenchFloe): Promise<HistorySize | undefined> {
  try {
    return JSON.parse(await readFile(join(stateDir, FILE), 'utf8')) as HistorySize;
  } catch (thrown) {
    if ((thrown as NodeJS.ErrnoException).code === 'ENOENT') return undefined;
    throw thrown;
  }
}

export async function keepHistory({ stateDir }: BenchFloe, size: HistorySize): Promise<void> {
  await writeFile(join(stateDir, FILE), `${JSON.stringify(size)}\n`);
}

/** Throws CONFIGURATION_INVALID where somebody asks for another size than the one that lies there. */
export function assertSameSize(kept: HistorySize, runs: number): void {
  if (kept.runs === runs) return;
  throw new FloeError(
    'CONFIGURATION_INVALID',
    `the kept history has ${kept.runs} runs, not ${runs}`,
    {
      hint: 'Name another folder, or the size that it has.',
    },
  );
}
