import { execFile } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { expect, test } from 'vitest';
import { runSeed } from '../src/index.ts';

const SEEDS = [1, 7, 42, 4_000_000_000];
const MAIN = fileURLToPath(new URL('../src/main.ts', import.meta.url));

test.each(SEEDS)('seed %i is the same story each time, byte for byte', async (seed) => {
  const first = await runSeed(seed, { keepsStory: true });
  const second = await runSeed(seed, { keepsStory: true });
  expect(second.story).toEqual(first.story);
  expect(second.digest).toBe(first.digest);
  expect(first.story.length).toBeGreaterThan(10);
});

test('another seed is another story', async () => {
  const [first, second] = await Promise.all([1, 2].map((seed) => tell(seed)));
  expect(first).not.toBe(second);
});

test('another process tells the same story', async () => {
  const [seed] = SEEDS;
  const { digest } = await runSeed(seed!, { keepsStory: true });
  expect(await tell(seed!)).toContain(`story ${digest!.slice(0, 16)}`);
});

test('nothing depends on whether the story is kept', async () => {
  for (const seed of SEEDS) {
    const told = await runSeed(seed, { keepsStory: true });
    const silent = await runSeed(seed);
    expect(silent.happenings).toBe(told.happenings);
    expect(silent.virtualMs).toBe(told.virtualMs);
    expect(silent.strikes).toEqual(told.strikes);
  }
});

async function tell(seed: number): Promise<string> {
  const run = promisify(execFile);
  const { stdout } = await run(process.execPath, [MAIN, '--seed', String(seed)]);
  return stdout;
}
