import type { Bus, BusSubscription } from '@floe/bus';

/**
 * Wakes whoever follows a run when something happened to it. Wake-ups that come while nobody waits are kept as one:
 * the follower looks once, however many there were. The bus may miss some, so each wait has a limit of its own.
 */
export class RunWake {
  readonly #subscription: BusSubscription;
  readonly #signal: AbortSignal;
  #isWoken = false;
  #finishWait: () => void = () => undefined;

  constructor(bus: Bus, options: { readonly runId: string; readonly signal: AbortSignal }) {
    this.#signal = options.signal;
    this.#subscription = bus.watchChanges(options.runId, () => this.#wake());
    options.signal.addEventListener('abort', this.#onAbort, { once: true });
  }

  /** Resolves when something happened since the last wait, after the limit, or when the signal is aborted. */
  async wait(limitMs: number): Promise<void> {
    if (!this.#isWoken && !this.#signal.aborted) {
      await new Promise<void>((resolve) => {
        const timer = setTimeout(resolve, limitMs);
        this.#finishWait = () => {
          clearTimeout(timer);
          resolve();
        };
      });
    }
    this.#isWoken = false;
  }

  stop(): void {
    this.#subscription.stop();
    this.#signal.removeEventListener('abort', this.#onAbort);
  }

  [Symbol.dispose](): void {
    this.stop();
  }

  #wake(): void {
    this.#isWoken = true;
    this.#finishWait();
  }

  readonly #onAbort = (): void => this.#finishWait();
}
