/**
 * Watches the memory of a worker during one attempt.
 *
 *   M1. The peak holds the first and the last sample, so an attempt shorter than the interval has one too.
 *   M2. `onExceeded` is called at most once.
 */
import { setTimeout as delay } from 'node:timers/promises';
import { readResidentBytes } from './resident-memory.ts';

// Polars allocates up to some GiB/s: with this a task is stopped before it is far beyond its limit.
const SAMPLE_INTERVAL_MS = 200;

export type MemoryWatch = {
  /** Takes a last sample and ends. Returns the highest number of bytes seen. */
  stop(): Promise<number>;
};

export type MemoryWatchOptions = {
  readonly pid: number;
  readonly limitBytes: number;
  readonly onExceeded: (usedBytes: number) => void;
};

export function watchMemory(options: MemoryWatchOptions): MemoryWatch {
  const ending = new AbortController();
  let peakBytes = 0;
  let isExceeded = false;
  const sample = async () => {
    const bytes = await readResidentBytes(options.pid);
    if (bytes === undefined) return;
    peakBytes = Math.max(peakBytes, bytes);
    if (bytes <= options.limitBytes || isExceeded || ending.signal.aborted) return;
    isExceeded = true;
    options.onExceeded(bytes);
  };
  const sampled = sampleUntil(ending.signal, sample);
  return {
    async stop() {
      ending.abort();
      await sampled;
      await sample();
      return peakBytes;
    },
  };
}

async function sampleUntil(ending: AbortSignal, sample: () => Promise<void>): Promise<void> {
  while (!ending.aborted) {
    await sample();
    await delay(SAMPLE_INTERVAL_MS, undefined, { signal: ending }).catch(() => {
      // The abort that ends the loop.
    });
  }
}
