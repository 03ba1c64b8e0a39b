import type { Clock } from '../src/clock.ts';

type Timer = { readonly atMs: number; readonly order: number; readonly callback: () => void };

/** A clock that moves only when it is told, and then calls back in order. */
export class VirtualTime {
  #nowMs = 0;
  #order = 0;
  readonly #timers = new Set<Timer>();

  readonly clock: Clock = {
    nowMs: () => this.#nowMs,
    after: (ms, callback) => this.#at(this.#nowMs + Math.max(0, ms), callback),
    soon: (callback) => void this.#at(this.#nowMs, callback),
  };

  get nowMs(): number {
    return this.#nowMs;
  }

  /** Moves on, and lets everything happen that is due on the way. */
  async advance(ms: number): Promise<void> {
    const untilMs = this.#nowMs + ms;
    await settleMicrotasks();
    for (let timer = this.#next(untilMs); timer !== undefined; timer = this.#next(untilMs)) {
      this.#timers.delete(timer);
      this.#nowMs = timer.atMs;
      timer.callback();
      await settleMicrotasks();
    }
    this.#nowMs = untilMs;
  }

  /** Lets happen what is due at this moment. */
  settle(): Promise<void> {
    return this.advance(0);
  }

  #at(atMs: number, callback: () => void): () => void {
    this.#order += 1;
    const timer = { atMs, order: this.#order, callback };
    this.#timers.add(timer);
    return () => this.#timers.delete(timer);
  }

  #next(untilMs: number): Timer | undefined {
    return [...this.#timers]
      .filter((timer) => timer.atMs <= untilMs)
      .toSorted((a, b) => a.atMs - b.atMs || a.order - b.order)[0];
  }
}

/** Promises of the code under test settle within a few turns; a turn of the event loop is all of them. */
function settleMicrotasks(): Promise<void> {
  return new Promise((resolve) => setImmediate(resolve));
}
