/**
 * Whether the connection to NATS stands, for requests that must not wait in vain.
 *
 * A request that was under way when the connection broke is never answered, and one that is sent while it is broken is
 * lost; without this each would wait for its whole timeout before it is tried again.
 */
import { FloeError } from '@floe/errors';

export class LinkState {
  readonly #underWay = new Set<(reason: FloeError) => void>();
  readonly #waiting = new Set<() => void>();
  readonly #waitMs: number;
  #isUp = true;

  /** Requests wait this long for the connection to come back. */
  constructor(waitMs: number) {
    this.#waitMs = waitMs;
  }

  get isUp(): boolean {
    return this.#isUp;
  }

  goDown(): void {
    this.#isUp = false;
    const lost = new FloeError('BUS_UNAVAILABLE', 'the connection to NATS broke');
    for (const reject of this.#underWay) reject(lost);
  }

  comeUp(): void {
    this.#isUp = true;
    for (const resume of this.#waiting) resume();
  }

  /** Runs a request on a standing connection. Throws BUS_UNAVAILABLE when it breaks or does not come back in time. */
  async run<Result>(request: () => Promise<Result>): Promise<Result> {
    if (!this.#isUp) await this.#untilUp();
    return new Promise<Result>((resolve, reject) => {
      this.#underWay.add(reject);
      void request()
        .then(resolve, reject)
        .finally(() => this.#underWay.delete(reject));
    });
  }

  #untilUp(): Promise<void> {
    return new Promise((resolve, reject) => {
      const resume = () => {
        clearTimeout(timer);
        this.#waiting.delete(resume);
        resolve();
      };
      const timer = setTimeout(() => {
        this.#waiting.delete(resume);
        reject(new FloeError('BUS_UNAVAILABLE', `NATS is away for ${this.#waitMs} ms and more`));
      }, this.#waitMs);
      this.#waiting.add(resume);
    });
  }
}
