import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { drawDataPlane } from './draw-data-plane.ts';
import { drawGoals } from './draw-goals.ts';
import { type Results, readResults } from './read-results.ts';
import { resultsPage } from './results-page.ts';

const FILES: Readonly<Record<string, (results: Results) => string>> = {
  'data-plane.svg': drawDataPlane,
  'goals.svg': drawGoals,
  'README.md': resultsPage,
};

/** Draws the results of a folder into it. Returns the files. */
export async function plot(folder: string): Promise<readonly string[]> {
  const results = await readResults(folder);
  const written = Object.entries(FILES).map(async ([name, draw]) => {
    await writeFile(join(folder, name), draw(results));
    return join(folder, name);
  });
  return Promise.all(written);
}
