import { readFile, readdir } from 'node:fs/promises';
import { join } from 'node:path';
import type { BenchResult } from '../report/result.ts';

/** The results of a folder by name of their file, without its ending. */
export type Results = ReadonlyMap<string, BenchResult>;

export async function readResults(folder: string): Promise<Results> {
  const files = await readdir(folder);
  // By numbers as numbers: 500000 before 2000000.
  const names = files
    .filter((name) => name.endsWith('.json'))
    .toSorted((left, right) => left.localeCompare(right, 'en', { numeric: true }));
  const results = await Promise.all(
    names.map(async (name) => {
      const result = JSON.parse(await readFile(join(folder, name), 'utf8')) as BenchResult;
      return [name.slice(0, -'.json'.length), result] as const;
    }),
  );
  return new Map(results);
}
