/**
 * A duty: something that a service does again and again until it stops.
 *
 *   D1. Passes never overlap: one begins after the other has ended.
 *   D2. No error ends a duty. After a failed pass it waits longer, up to a bound, and goes on.
 *   D3. A `wake` during a pass causes one more pass right after it; wakes do not pile up.
 *   D4. `stop` aborts the signal of the current pass and waits for the pass to end; after it nothing runs.
 */
import { type FloeError, toFloeError } from '@floe/errors';
import { backoffMs } from './retrying.ts';

export type DutyOptions = {
  readonly name: string;
  /** The pause after a pass that went well. */
  readonly everyMs: number;
  /** One pass. The signal is aborted when the duty stops. */
  run(signal: AbortSignal): Promise<void>;
  /** Told of every pass that failed. */
  onError(error: FloeError): void;
};

export type Duty = {
  readonly name: string;
  /** Begins the next pass now, or right after the current one. */
  wake(): void;
  stop(): Promise<void>;
  [Symbol.asyncDispose](): Promise<void>;
};

// A duty that fails is tried again at least this often: what it waits for, a database or NATS, comes back in seconds.
const FAILED_PAUSE_MAX_MS = 5_000;
// The first pause after a failure, for duties whose own is shorter or much longer.
const FAILED_PAUSE_BASE_MS = 100;

/** Begins with a pass at once. */
export function startDuty(options: DutyOptions): Duty {
  const stopping = new AbortController();
  const alarm = createAlarm();
  const ended = repeat(options, { signal: stopping.signal, alarm });
  const stop = async () => {
    stopping.abort();
    alarm.ring();
    await ended;
  };
  return { name: options.name, wake: alarm.ring, stop, [Symbol.asyncDispose]: stop };
}

async function repeat(
  options: DutyOptions,
  control: { signal: AbortSignal; alarm: Alarm },
): Promise<void> {
  const { signal, alarm } = control;
  let failures = 0;
  while (!signal.aborted) {
    alarm.clear();
    failures = (await succeeds(options, signal)) ? 0 : failures + 1;
    await alarm.waitAtMost(failures === 0 ? options.everyMs : failedPauseMs(failures));
  }
}

function failedPauseMs(failures: number): number {
  return backoffMs(failures, { baseMs: FAILED_PAUSE_BASE_MS, maxMs: FAILED_PAUSE_MAX_MS });
}

async function succeeds(options: DutyOptions, signal: AbortSignal): Promise<boolean> {
  try {
    await options.run(signal);
    return true;
  } catch (error) {
    // What a pass throws because it is told to stop is no failure of it.
    if (!signal.aborted) options.onError(toFloeError(error));
    return false;
  }
}

type Alarm = {
  readonly ring: () => void;
  readonly clear: () => void;
  readonly waitAtMost: (ms: number) => Promise<void>;
};

/** A pause that can be cut short, also before it begins. */
function createAlarm(): Alarm {
  let hasRung = false;
  let onRing: (() => void) | undefined;
  return {
    ring() {
      hasRung = true;
      onRing?.();
    },
    clear() {
      hasRung = false;
    },
    async waitAtMost(ms) {
      if (hasRung) return;
      await new Promise<void>((resolve) => {
        const timer = setTimeout(resolve, ms);
        onRing = () => {
          clearTimeout(timer);
          resolve();
        };
      });
      onRing = undefined;
    },
  };
}
