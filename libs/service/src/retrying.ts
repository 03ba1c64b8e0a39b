import { setTimeout as delay } from 'node:timers/promises';

export type RetryOptions = {
  /** Tries in all, the first one included. */
  readonly attempts: number;
  /** The bound of the first pause; it doubles from pause to pause. */
  readonly baseMs: number;
  /** No pause is longer. */
  readonly maxMs: number;
  readonly isRetryable: (error: unknown) => boolean;
  readonly sleep?: (ms: number) => Promise<unknown>;
  /** A number from 0 to below 1. */
  readonly random?: () => number;
};

// 2^30 times the base is above any sensible bound, and far from where numbers lose precision.
const DOUBLINGS_MAX = 30;

/**
 * Calls `fn` until it succeeds, fails in a way that is not retryable, or the attempts are used up; then its last error
 * is thrown. Pauses have full jitter: anything from 0 to the bound, so that many callers spread out.
 */
export async function retrying<Result>(
  fn: (attempt: number) => Promise<Result>,
  options: RetryOptions,
): Promise<Result> {
  const { attempts, isRetryable, sleep = delay, random = Math.random } = options;
  for (let attempt = 1; ; attempt += 1) {
    try {
      return await fn(attempt);
    } catch (error) {
      if (attempt >= attempts || !isRetryable(error)) throw error;
      await sleep(random() * backoffMs(attempt, options));
    }
  }
}

/** `baseMs` after the first failure, doubling, never above `maxMs`. */
export function backoffMs(
  failures: number,
  bounds: { readonly baseMs: number; readonly maxMs: number },
): number {
  return Math.min(bounds.maxMs, bounds.baseMs * 2 ** Math.min(failures - 1, DOUBLINGS_MAX));
}
