/**
 * The runs that have changed since somebody last asked.
 *
 * 1. A run is told once, however often it changed meanwhile.
 * 2. What waits here is bounded: beyond it the oldest is dropped, for a list that long is read anew anyway.
 */
import type { Bus, BusSubscription } from '@floe/bus';

// More than any page of a list has.
const WAITING_MAX = 1_000;

export class ChangedRuns {
  readonly #subscription: BusSubscription;
  readonly #signal: AbortSignal;
  #runIds = new Set<string>();
  #finishWait: () => void = () => undefined;

  constructor(bus: Pick<Bus, 'watchAllChanges'>, signal: AbortSignal) {
    this.#signal = signal;
    this.#subscription = bus.watchAllChanges((runId) => this.#note(runId));
    signal.addEventListener('abort', this.#onAbort, { once: true });
  }

  /** Those that have changed, as soon as there are some; none after the limit, or when the signal is aborted. */
  async next(limitMs: number): Promise<string[]> {
    if (this.#runIds.size === 0) await this.#wait(limitMs);
    const runIds = [...this.#runIds];
    this.#runIds = new Set();
    return runIds;
  }

  /** Lets more come together. */
  async pause(limitMs: number): Promise<void> {
    const end = performance.now() + limitMs;
    for (let left = limitMs; left > 0 && !this.#signal.aborted; left = end - performance.now()) {
      await this.#wait(left);
    }
  }

  [Symbol.dispose](): void {
    this.#subscription.stop();
    this.#signal.removeEventListener('abort', this.#onAbort);
  }

  async #wait(limitMs: number): Promise<void> {
    if (this.#signal.aborted) return;
    await new Promise<void>((resolve) => {
      const timer = setTimeout(resolve, limitMs);
      this.#finishWait = () => {
        clearTimeout(timer);
        resolve();
      };
    });
  }

  #note(runId: string): void {
    if (this.#runIds.size >= WAITING_MAX) {
      const [oldest] = this.#runIds;
      if (oldest !== undefined) this.#runIds.delete(oldest);
    }
    this.#runIds.add(runId);
    this.#finishWait();
  }

  readonly #onAbort = (): void => this.#finishWait();
}
