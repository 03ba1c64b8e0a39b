import type { Bus } from '@floe/bus';
import type { Hint, HintSource, Lane } from '@floe/execution';

// Below half of the 10 s after which NATS gives an unsettled hint to another.
const EXPIRES_MS = 4_500;
// Long enough that others are asked first, short enough that nobody notices.
const RETURN_AFTER_MS = 250;

/** The hints of a pool, from JetStream; with a label those of work that asks for it. */
export class BusHints implements HintSource {
  readonly #bus: Pick<Bus, 'nextHint'>;
  readonly #pool: string;
  readonly #label: string | undefined;

  constructor(bus: Pick<Bus, 'nextHint'>, pool: string, label?: string) {
    this.#bus = bus;
    this.#pool = pool;
    this.#label = label;
  }

  async next(lane: Lane, signal: AbortSignal): Promise<Hint | undefined> {
    const place = { pool: this.#pool, lane, label: this.#label };
    const hint = await this.#bus.nextHint(place, { expiresMs: EXPIRES_MS, signal });
    if (hint === undefined) return undefined;
    return { ack: () => hint.ack(), release: () => hint.retryLater(RETURN_AFTER_MS) };
  }
}
