/** `npm run chaos`: breaks a whole Floe and counts the harm. Exit codes: 0 none, 1 some, 2 wrong usage, 130 Ctrl-C. */
import { execFile } from 'node:child_process';
import { writeFile } from 'node:fs/promises';
import { promisify } from 'node:util';
import { FloeError, toFloeError } from '@floe/errors';
import { startChaosFloe } from './chaos-floe.ts';
import { parseCommandLine, USAGE, type Wish } from './command-line.ts';
import { countHarm, readHolding } from './effects.ts';
import type { Fault } from './fault.ts';
import { FAULTS } from './faults/index.ts';
import { cutNetwork } from './faults/cut-network.ts';
import { Load, type FollowedRun } from './load.ts';
import { RemoteExecutor } from './network/remote-executor.ts';
import { seededRandom } from './random.ts';
import {
  figuresByFault,
  isUnharmed,
  renderReport,
  type ChaosReport,
  type Skipped,
} from './report.ts';
import { runFaults, type Recovery } from './run-faults.ts';
import { WORKFLOWS } from './workflows.ts';

const EXIT = { unharmed: 0, harmed: 1, invalid: 2, interrupted: 130 };

const say = (line: string): void => console.error(line);

type Chaos = { readonly report: ChaosReport; readonly runs: readonly FollowedRun[] };

async function cause(wish: Wish, signal: AbortSignal): Promise<Chaos> {
  say('starting Floe');
  const { fit, skipped } = await sortFaults(wish.faults);
  await using floe = await startChaosFloe(say, wish.before);
  await using remote = fit.includes(cutNetwork)
    ? await RemoteExecutor.start(floe, { env: process.env })
    : undefined;
  const startedAt = performance.now();
  const random = seededRandom(wish.seed);
  const load = new Load(floe, random);
  load.start();
  const rounds = { ...wish, faults: fit, signal, say };
  let recoveries: Recovery[];
  try {
    recoveries = await runFaults({ floe, random, remote }, load, rounds);
  } finally {
    // Also when a fault cannot be brought about: who still starts runs keeps the process alive.
    await load.stop();
  }
  const harm = countHarm(load.runs, await readHolding(floe));
  const ok = isUnharmed(harm);
  if (!ok) process.exitCode = EXIT.harmed;
  const report = {
    ok,
    commit: await readCommit(),
    seed: wish.seed,
    seconds: Math.round((performance.now() - startedAt) / 1_000),
    runs: load.runs.length,
    loads_succeeded: load.runs.filter(isSucceededLoad).length,
    ...harm,
    faults: figuresByFault(recoveries),
    skipped,
  };
  return { report, runs: load.runs };
}

async function sortFaults(names: readonly string[]): Promise<{ fit: Fault[]; skipped: Skipped[] }> {
  const fit: Fault[] = [];
  const skipped: Skipped[] = [];
  for (const fault of chooseFaults(names)) {
    const reason = await fault.unfit?.();
    if (reason === undefined) fit.push(fault);
    else skipped.push({ fault: fault.name, reason });
  }
  return { fit, skipped };
}

function chooseFaults(names: readonly string[]): readonly Fault[] {
  const unknown = names.find((name) => !FAULTS.some((fault) => fault.name === name));
  if (unknown === undefined)
    return FAULTS.filter(({ name }) => names.includes(name) || names.length === 0);
  throw new FloeError('CONFIGURATION_INVALID', `there is no fault "${unknown}"`, {
    hint: `There are: ${FAULTS.map(({ name }) => name).join(', ')}.`,
  });
}

function isSucceededLoad({ kind, state }: FollowedRun): boolean {
  return WORKFLOWS[kind].loads && state === 'RUN_STATE_SUCCEEDED';
}

async function readCommit(): Promise<string> {
  try {
    const words = ['describe', '--always', '--abbrev=40', '--exclude=*', '--dirty'];
    const { stdout } = await promisify(execFile)('git', words, { cwd: import.meta.dirname });
    return stdout.trim();
  } catch {
    // A copy without git can be broken too; the report says that it has no name.
    return 'unknown';
  }
}

async function show({ report, runs }: Chaos, { jsonFile }: Wish): Promise<void> {
  const json = JSON.stringify(report, undefined, 2);
  if (jsonFile === '-') return console.log(json);
  if (jsonFile !== undefined) await writeFile(jsonFile, `${json}\n`);
  console.log(renderReport(report, runs));
}

/** The first Ctrl-C ends the chaos after the present fault; the second one ends at once. */
function interruption(): AbortSignal {
  const controller = new AbortController();
  for (const name of ['SIGINT', 'SIGTERM'] as const) process.once(name, () => controller.abort());
  return controller.signal;
}

async function main(words: readonly string[]): Promise<number> {
  const signal = interruption();
  try {
    const wish = parseCommandLine(words);
    const chaos = await cause(wish, signal);
    await show(chaos, wish);
    if (signal.aborted) return EXIT.interrupted;
    return chaos.report.ok ? EXIT.unharmed : EXIT.harmed;
  } catch (thrown) {
    const error = toFloeError(thrown);
    say(`${error.code}: ${error.message}`);
    if (error.code !== 'CONFIGURATION_INVALID') return EXIT.harmed;
    say(`Usage: ${USAGE}`);
    return EXIT.invalid;
  }
}

process.exitCode = await main(process.argv.slice(2));
