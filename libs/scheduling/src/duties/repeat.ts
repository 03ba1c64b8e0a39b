/**
 * Something that is done again and again until it is stopped, in the time of a port.
 *
 *   D1. Passes never overlap: one begins a pause after the other has ended.
 *   D2. No error ends it. After a failed pass the pause is longer, up to a bound.
 *   D3. `stop` waits for the pass that is under way; after it nothing runs.
 */
import { toFloeError, type FloeError } from '@floe/errors';
import type { Timers } from '../ports.ts';

export type Repeated = {
  readonly everyMs: number;
  readonly run: () => Promise<void>;
  /** Told of every pass that failed. */
  readonly onError: (error: FloeError) => void;
};

export type Repetition = { stop(): Promise<void> };

// What a failed pass waits for, a database or NATS, comes back in seconds; each failure doubles the pause up to this.
const FAILED_PAUSE_MS_MAX = 5_000;

/** Begins with a pass at once. */
export function startRepeating(timers: Timers, { everyMs, run, onError }: Repeated): Repetition {
  let failures = 0;
  let isStopped = false;
  let callOff = (): void => undefined;
  const pass = async (): Promise<void> => {
    try {
      await run();
      failures = 0;
    } catch (error) {
      failures += 1;
      if (!isStopped) onError(toFloeError(error));
    }
    if (isStopped) return;
    const pauseMs = Math.min(everyMs * 2 ** failures, Math.max(everyMs, FAILED_PAUSE_MS_MAX));
    callOff = timers.after(pauseMs, () => {
      current = pass();
    });
  };
  let current = pass();
  return {
    async stop() {
      isStopped = true;
      callOff();
      await current;
    },
  };
}
