import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { toFloeError } from '@floe/errors';
import type { BenchOptions } from '../bench.ts';
import { measureSteps, type Surroundings } from '../measure.ts';
import { readCommit } from '../report/commit.ts';
import { renderResult } from '../report/table.ts';
import { type RecordedGroup, recordFile, recordedGroups } from './record-steps.ts';

export type RecordOptions = Pick<BenchOptions, 'say' | 'signal'> & {
  readonly names: readonly string[];
  readonly rows: number | undefined;
  readonly keep: string | undefined;
  readonly folder: string;
};

/**
 * Measures all benches of the record, or those that are named, and writes each result into the folder. One that fails is
 * told and leaves its old result. Returns how many failed.
 */
export async function record({ names, rows, folder, ...around }: RecordOptions): Promise<number> {
  await mkdir(folder, { recursive: true });
  const commit = await readCommit();
  let failures = 0;
  for (const group of recordedGroups(names, rows)) {
    around.signal.throwIfAborted();
    failures += await recordGroup(group, folder, { ...around, commit, isQuick: false });
  }
  return failures;
}

async function recordGroup(
  group: RecordedGroup,
  folder: string,
  around: Surroundings,
): Promise<number> {
  const startedAt = performance.now();
  let done = 0;
  try {
    await measureSteps(group, around, async (result) => {
      const file = join(folder, recordFile(group[done]!));
      await writeFile(file, `${JSON.stringify(result, undefined, 2)}\n`);
      done += 1;
      around.say(`${renderResult(result)}\n`);
    });
  } catch (thrown) {
    around.signal.throwIfAborted();
    const { code, message } = toFloeError(thrown);
    around.say(`${group[done]?.name ?? 'the end of Floe'} failed: ${code}: ${message}`);
  }
  const minutes = (performance.now() - startedAt) / 60_000;
  around.say(`${group.map(({ name }) => name).join(', ')}: ${minutes.toFixed(1)} minutes`);
  return group.length - done;
}
