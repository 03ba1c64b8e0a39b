/** Runs many seeds on several threads. */
import { once } from 'node:events';
import { availableParallelism } from 'node:os';
import { Worker } from 'node:worker_threads';
import type { BatchResult, SeedBatch } from './seed-batch.ts';

// A tenth of a second of work: little beside a message, and little to wait for at the end.
const BATCH_SEEDS = 40;
// Each failure is made small and told; more of them say nothing new.
const FAILURES_MAX = 20;

export type ManyOptions = {
  readonly from: number;
  /** Seeds in all; absent: until the time is over. */
  readonly count: number | undefined;
  readonly seconds: number | undefined;
  readonly workers: number | undefined;
};

// A world lives for milliseconds: with room for some hundred of them little of one is still there when it is collected.
const YOUNG_MIB = 128;

export type ManyResult = { readonly seeds: number; readonly failed: readonly number[] };

export async function runMany(options: ManyOptions): Promise<ManyResult> {
  const { from, count = Number.POSITIVE_INFINITY, seconds, workers } = options;
  const until = seconds === undefined ? Infinity : performance.now() + seconds * 1_000;
  let begun = 0;
  let seeds = 0;
  const failed: number[] = [];
  const next = (): SeedBatch | undefined => {
    const isOver = begun >= count || performance.now() >= until || failed.length >= FAILURES_MAX;
    if (isOver) return undefined;
    const batch = { from: from + begun, count: Math.min(BATCH_SEEDS, count - begun) };
    begun += batch.count;
    return batch;
  };
  const work = async () => {
    const thread = new Worker(new URL('./seed-thread.ts', import.meta.url), {
      resourceLimits: { maxYoungGenerationSizeMb: YOUNG_MIB },
    });
    try {
      for (let batch = next(); batch !== undefined; batch = next()) {
        const result = await runOn(thread, batch);
        seeds += result.seeds;
        failed.push(...result.failed);
      }
    } finally {
      await thread.terminate();
    }
  };
  await Promise.all(Array.from({ length: workers ?? availableParallelism() }, work));
  return { seeds, failed };
}

/** Rejects when the thread dies: then a seed has ended the process that ran it, which nothing may. */
async function runOn(thread: Worker, batch: SeedBatch): Promise<BatchResult> {
  thread.postMessage(batch);
  const [result] = (await once(thread, 'message')) as [BatchResult];
  return result;
}
