/**
 * Watches the memory of a worker during one attempt.
 *
 *   M1. The peak holds the first and the last sample, so an attempt shorter than the interval has one too.
 *   M2. `onExceeded` is called at most once.
 */
import { openResidentMemory } from './resident-memory.ts';

// Polars fills some GiB in a second: a task is stopped within some 50 MiB of its limit. A sample costs some 20 µs.
const SAMPLE_INTERVAL_MS = 20;

export type MemoryUse = { readonly peakBytes: number; readonly lastBytes: number };

export type MemoryWatch = {
  /** Takes a last sample and ends. */
  stop(): MemoryUse;
};

export type MemoryWatchOptions = {
  readonly pid: number;
  readonly limitBytes: number;
  readonly onExceeded: (usedBytes: number) => void;
};

export function watchMemory({ pid, limitBytes, onExceeded }: MemoryWatchOptions): MemoryWatch {
  const memory = openResidentMemory(pid);
  let peakBytes = 0;
  let lastBytes = 0;
  const sample = () => {
    lastBytes = memory.read() ?? 0;
    peakBytes = Math.max(peakBytes, lastBytes);
  };
  let isExceeded = false;
  const timer = setInterval(() => {
    sample();
    if (isExceeded || lastBytes <= limitBytes) return;
    isExceeded = true;
    onExceeded(lastBytes);
  }, SAMPLE_INTERVAL_MS);
  sample();
  return {
    stop() {
      clearInterval(timer);
      sample();
      memory.close();
      return { peakBytes, lastBytes };
    },
  };
}
