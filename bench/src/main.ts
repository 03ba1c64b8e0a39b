/** `npm run bench`: measures one thing and says what it found. Exit codes: 0, 1 failed, 2 wrong usage, 130 Ctrl-C. */
import { writeFile } from 'node:fs/promises';
import { toFloeError } from '@floe/errors';
import { parseCommandLine, USAGE, type Wish } from './command-line.ts';
import { describeBenches, findBench } from './find-bench.ts';
import { startBenchFloe } from './floe/bench-floe.ts';
import { readCommit } from './report/commit.ts';
import { describeMachine } from './report/machine.ts';
import type { BenchResult } from './report/result.ts';
import { renderResult } from './report/table.ts';

const EXIT = { succeeded: 0, failed: 1, invalid: 2, interrupted: 130 };

const say = (line: string): void => console.error(line);

async function measure(wish: Wish, signal: AbortSignal): Promise<BenchResult> {
  const bench = findBench(wish.name);
  say('starting Floe');
  await using floe = await startBenchFloe(say);
  signal.throwIfAborted();
  const [commit, machine] = await Promise.all([readCommit(), describeMachine(floe.endpoints)]);
  const measurement = await bench.run(floe, { isQuick: wish.isQuick, say, signal });
  return { bench: wish.name, commit, machine, ...measurement };
}

async function show(result: BenchResult, { jsonFile }: Wish): Promise<void> {
  const json = JSON.stringify(result, undefined, 2);
  if (jsonFile === '-') return console.log(json);
  if (jsonFile !== undefined) await writeFile(jsonFile, `${json}\n`);
  console.log(renderResult(result));
}

function sayError(thrown: unknown): number {
  const error = toFloeError(thrown);
  say(`${error.code}: ${error.message}`);
  if (error.hint !== undefined) say(error.hint);
  if (error.code !== 'CONFIGURATION_INVALID') return EXIT.failed;
  say([`\n${USAGE}`, ...describeBenches()].join('\n'));
  return EXIT.invalid;
}

/** The first Ctrl-C ends the bench and its processes; the second one ends at once. */
function interruption(): AbortSignal {
  const controller = new AbortController();
  for (const name of ['SIGINT', 'SIGTERM'] as const) {
    process.once(name, () => controller.abort());
  }
  return controller.signal;
}

async function main(words: readonly string[]): Promise<number> {
  const signal = interruption();
  try {
    const wish = parseCommandLine(words);
    await show(await measure(wish, signal), wish);
    return EXIT.succeeded;
  } catch (thrown) {
    if (signal.aborted) return EXIT.interrupted;
    return sayError(thrown);
  }
}

process.exitCode = await main(process.argv.slice(2));
