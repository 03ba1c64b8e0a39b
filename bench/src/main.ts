/** `npm run bench`: measures and says what it found, or draws what was found before. Exit codes: 0, 1 failed, 2 wrong usage, 130 Ctrl-C. */
import { writeFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { toFloeError } from '@floe/errors';
import { parseCommandLine, USAGE, type Wish } from './command-line.ts';
import { describeBenches } from './find-bench.ts';
import { measureSteps } from './measure.ts';
import { plot } from './plot/plot.ts';
import { record } from './record/record.ts';
import { readCommit } from './report/commit.ts';
import type { BenchResult } from './report/result.ts';
import { renderResult } from './report/table.ts';

const EXIT = { succeeded: 0, failed: 1, invalid: 2, interrupted: 130 };

/** What is measured for keeps lies in the repository. */
const RECORD_FOLDER = fileURLToPath(new URL('../../docs/benchmarks', import.meta.url));

const say = (line: string): void => console.error(line);

type Measure = Extract<Wish, { kind: 'measure' }>;

async function measure({ name, rows, isQuick, jsonFile, keep }: Measure, signal: AbortSignal) {
  const commit = await readCommit();
  await measureSteps([{ name, rows }], { say, signal, isQuick, commit, keep }, (result) =>
    show(result, jsonFile),
  );
  return EXIT.succeeded;
}

async function show(result: BenchResult, jsonFile: string | undefined): Promise<void> {
  const json = JSON.stringify(result, undefined, 2);
  if (jsonFile === '-') return console.log(json);
  if (jsonFile !== undefined) await writeFile(jsonFile, `${json}\n`);
  console.log(renderResult(result));
}

async function fulfil(wish: Wish, signal: AbortSignal): Promise<number> {
  if (wish.kind === 'measure') return measure(wish, signal);
  const failures =
    wish.kind === 'record' ? await record({ ...wish, folder: RECORD_FOLDER, say, signal }) : 0;
  for (const file of await plot(RECORD_FOLDER)) say(`wrote ${file}`);
  return failures === 0 ? EXIT.succeeded : EXIT.failed;
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
    return await fulfil(parseCommandLine(words), signal);
  } catch (thrown) {
    if (signal.aborted) return EXIT.interrupted;
    return sayError(thrown);
  }
}

process.exitCode = await main(process.argv.slice(2));
