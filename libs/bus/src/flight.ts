import { FloeError } from '@floe/errors';

/** Messages whose confirmation is awaited. One waiter at a time. */
export class Flight {
  readonly #patienceMs: number;
  #open = 0;
  #failure: Error | undefined;
  #limit = 0;
  #resume: (() => void) | undefined;
  #timer: NodeJS.Timeout | undefined;

  /** It fails when nothing is confirmed for this long while somebody waits. */
  constructor(patienceMs: number) {
    this.#patienceMs = patienceMs;
  }

  add(): void {
    this.#open += 1;
  }

  confirm(): void {
    this.#open -= 1;
    this.#timer?.refresh();
    if (this.#open <= this.#limit) this.#resume?.();
  }

  fail(failure: Error): void {
    this.#failure ??= failure;
    this.#resume?.();
  }

  /** Resolves when no more than these are awaited. Throws what failed. */
  async atMost(limit: number): Promise<void> {
    if (this.#failure === undefined && this.#open > limit) await this.#wait(limit);
    if (this.#failure !== undefined) throw this.#failure;
  }

  stop(): void {
    clearTimeout(this.#timer);
    this.fail(new FloeError('BUS_UNAVAILABLE', 'nobody waits for the confirmations any more'));
  }

  async #wait(limit: number): Promise<void> {
    this.#limit = limit;
    const { promise, resolve } = Promise.withResolvers<void>();
    this.#resume = resolve;
    this.#timer = setTimeout(() => this.fail(this.#late()), this.#patienceMs);
    await promise;
    clearTimeout(this.#timer);
    this.#resume = undefined;
  }

  #late(): Error {
    const message = `JetStream has confirmed nothing for ${this.#patienceMs} ms`;
    return new FloeError('BUS_UNAVAILABLE', message);
  }
}
