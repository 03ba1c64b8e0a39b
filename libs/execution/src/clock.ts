/** Time and timers, so that a virtual clock can drive all of this. */
export type Clock = {
  /** Milliseconds since some instant; never jumps back. Only differences mean something. */
  readonly nowMs: () => number;
  /** Calls back once after this long; what it returns forgets it. */
  readonly after: (ms: number, callback: () => void) => () => void;
  /** Calls back when all that is ready at this moment has run, so that what ends together is seen together. */
  readonly soon: (callback: () => void) => void;
};

/** From 0 to below 1. */
export type Random = () => number;

/** Resolves after this long, or as soon as the signal is aborted. */
export function pause(clock: Clock, ms: number, signal: AbortSignal): Promise<void> {
  if (signal.aborted) return Promise.resolve();
  return new Promise((resolve) => {
    const end = () => {
      forget();
      signal.removeEventListener('abort', end);
      resolve();
    };
    const forget = clock.after(ms, end);
    signal.addEventListener('abort', end, { once: true });
  });
}

/** `ms` give or take this share of it, so that many executors spread out. */
export function jittered(ms: number, share: number, random: Random): number {
  return ms * (1 + share * (2 * random() - 1));
}

// 2^20 times any base is above any bound.
const DOUBLINGS_MAX = 20;

/** A pause after so many failures in a row: doubling, bounded, and anything from half of that on. */
export function backoffMs(
  failures: number,
  { baseMs, maxMs }: { readonly baseMs: number; readonly maxMs: number },
  random: Random,
): number {
  const fullMs = Math.min(maxMs, baseMs * 2 ** Math.min(failures - 1, DOUBLINGS_MAX));
  return fullMs * (0.5 + random() / 2);
}
