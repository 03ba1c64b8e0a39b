/**
 * Waits for the hints of one lane, and looks for work when one comes.
 *
 *   H1. At most one hint is waited for, and only while the lane has room.
 *   H2. A hint is acknowledged after an exchange has looked for work; one that finds no room any more goes to others.
 */
import type { HintSource } from './hint-source.ts';
import type { Lane } from './lane.ts';

export type HintLoopOptions = {
  readonly lane: Lane;
  readonly hints: HintSource;
  readonly hasRoom: () => boolean;
  /** Resolves when an exchange that began after the call has been answered. */
  readonly look: () => Promise<void>;
};

export class HintLoop {
  readonly #options: HintLoopOptions;
  readonly #stopping = new AbortController();
  #isWatching = false;

  constructor(options: HintLoopOptions) {
    this.#options = options;
  }

  /** To be called whenever the lane may have room. */
  watch(): void {
    if (this.#isWatching || this.#stopping.signal.aborted || !this.#options.hasRoom()) return;
    this.#isWatching = true;
    void this.#watch();
  }

  stop(): void {
    this.#stopping.abort();
  }

  async #watch(): Promise<void> {
    const { lane, hints, hasRoom, look } = this.#options;
    const { signal } = this.#stopping;
    while (!signal.aborted && hasRoom()) {
      const hint = await hints.next(lane, signal);
      if (hint === undefined) continue;
      if (!signal.aborted && hasRoom()) {
        await look();
        hint.ack();
      } else {
        hint.release();
      }
    }
    this.#isWatching = false;
  }
}
