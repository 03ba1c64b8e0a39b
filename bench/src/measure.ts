import { loadavg } from 'node:os';
import { FloeError } from '@floe/errors';
import type { BenchOptions } from './bench.ts';
import { findBench } from './find-bench.ts';
import { type BenchFloe, startBenchFloe } from './floe/bench-floe.ts';
import { describeMachine } from './report/machine.ts';
import type { BenchResult } from './report/result.ts';
import { rounded } from './statistics.ts';

/** One bench, in a Floe that others may have used before it. */
export type Step = { readonly name: string; readonly rows: number | undefined };

/** `commit` is read once: results that are written make the next ones look as if files differed. */
export type Surroundings = Pick<BenchOptions, 'say' | 'signal' | 'isQuick'> & {
  readonly commit: string;
  /** The folder of a Floe that is there before and after; undefined for one that goes away. */
  readonly keep: string | undefined;
};

/** Measures the steps one after the other in one Floe, and hands over each result as it is there. */
export async function measureSteps(
  steps: readonly Step[],
  around: Surroundings,
  onResult: (result: BenchResult) => Promise<void>,
): Promise<void> {
  // All of them before the first starts anything.
  for (const step of steps) assertSized(step);
  let [loadBefore] = loadavg();
  around.say('starting Floe');
  await using floe = await startBenchFloe(around.say, around.keep);
  for (const step of steps) {
    around.signal.throwIfAborted();
    await onResult(await measure(floe, step, { ...around, loadBefore: loadBefore ?? 0 }));
    [loadBefore] = loadavg();
  }
}

async function measure(
  floe: BenchFloe,
  { name, rows }: Step,
  { loadBefore, commit, ...around }: Surroundings & { readonly loadBefore: number },
): Promise<BenchResult> {
  const machine = await describeMachine(floe.endpoints);
  const measurement = await findBench(name).run(floe, { ...around, rows });
  return {
    bench: name,
    commit,
    measured_at: new Date().toISOString(),
    load_before: rounded(loadBefore),
    machine,
    ...measurement,
  };
}

function assertSized({ name, rows }: Step): void {
  if (findBench(name).rows !== undefined || rows === undefined) return;
  throw new FloeError('CONFIGURATION_INVALID', `bench '${name}' has one size`, {
    hint: 'leave out --rows',
  });
}
