/** `npm run simulate`. Exit codes: 0 all promises held, 1 some seed failed, 2 wrong usage. */
import { randomInt } from 'node:crypto';
import { toFloeError } from '@floe/errors';
import { parseCommandLine, USAGE, type Wish } from './command/command-line.ts';
import { runMany, type ManyResult } from './command/run-many.ts';
import { readCommit, tellFailure, tellScenario, tellStory, tellVerdict } from './command/tell.ts';
import { minimise } from './minimise.ts';
import { runSeed } from './run-seed.ts';

const EXIT = { held: 0, failed: 1, invalid: 2 };
// Failures that are made small and told; the others are named.
const TOLD_MAX = 3;
// Where fresh seeds begin is drawn; any 32-bit word is a seed.
const SEED_END = 2 ** 32;

const say = (text: string): void => console.error(text);

async function tellSeed(seed: number, isJson: boolean): Promise<number> {
  const result = await runSeed(seed, { keepsStory: true });
  const isFailed = result.violations.length > 0;
  const out = isJson ? say : console.log;
  out(tellScenario(result.scenario));
  out(tellStory(result.story));
  out(tellVerdict(result));
  if (isFailed) say(tellFailure(await minimise(result), await readCommit()));
  if (isJson) console.log(JSON.stringify({ seeds: 1, failures: isFailed ? 1 : 0 }));
  return isFailed ? EXIT.failed : EXIT.held;
}

async function tellMany({ what, isJson, workers }: Wish): Promise<number> {
  const startedAt = performance.now();
  const result = await runMany(
    what.kind === 'range'
      ? { from: what.from, count: what.to - what.from + 1, seconds: undefined, workers }
      : {
          from: randomInt(SEED_END),
          count: undefined,
          seconds: what.kind === 'seconds' ? what.seconds : undefined,
          workers,
        },
  );
  await tellFailures(result);
  const { seeds, failed } = result;
  if (isJson) console.log(JSON.stringify({ seeds, failures: failed.length }));
  else {
    const minutes = (performance.now() - startedAt) / 60_000;
    console.log(
      `${seeds} seeds, ${failed.length} failures (${Math.round(seeds / minutes)} seeds a minute)`,
    );
  }
  return failed.length > 0 ? EXIT.failed : EXIT.held;
}

async function tellFailures({ failed }: ManyResult): Promise<void> {
  if (failed.length === 0) return;
  const commit = await readCommit();
  for (const seed of failed.slice(0, TOLD_MAX))
    say(tellFailure(await minimise(await runSeed(seed)), commit));
  say(`failing seeds: ${failed.join(' ')}`);
}

async function main(words: readonly string[]): Promise<number> {
  try {
    const wish = parseCommandLine(words);
    if (wish.what.kind === 'seed') return await tellSeed(wish.what.seed, wish.isJson);
    return await tellMany(wish);
  } catch (thrown) {
    const error = toFloeError(thrown);
    say(`${error.code}: ${error.message}`);
    if (error.code !== 'CONFIGURATION_INVALID') return EXIT.failed;
    say(`Usage: ${USAGE}`);
    return EXIT.invalid;
  }
}

process.exitCode = await main(process.argv.slice(2));
