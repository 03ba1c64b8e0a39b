/**
 * Room that executors have left with this scheduler until there is work for it.
 *
 *   F1. An offer is answered once: with leases, as soon as a transaction of this scheduler gives it some; with none when
 *       its time is over, when it is recalled, or when the scheduler stops.
 *   F2. What a transaction has in hand is answered by that transaction. When it fails, the executor is told so: it asks
 *       again under its token, as nobody knows what was stored.
 *   F3. An executor has one offer at most; the newest counts.
 *   F4. A recall may overtake its offer, which is answered when it comes.
 *   F5. Offers look for nothing in the store. Work that others made ready is announced by hints, as to everybody.
 */
import { FloeError } from '@floe/errors';
import { OFFERS_MAX, QUEUE_RETRY_MS } from '../limits.ts';
import type { Timers } from '../ports.ts';
import type { ExchangeRequest, ExchangeResult } from './exchange.ts';

export type OfferJob = {
  readonly request: ExchangeRequest;
  /** Undefined: nothing was given. */
  resolve(result: ExchangeResult | undefined): void;
  reject(error: FloeError): void;
};

type Standing = OfferJob & {
  isInHand: boolean;
  /** It ended while a transaction had it in hand. */
  isOver: boolean;
  forgetEnd: () => void;
};

export class StandingOffers {
  readonly #timers: Timers;
  /** By executor, the one that has waited longest first. */
  readonly #offers = new Map<string, Standing>();
  /** By executor, the token whose recall came before its offer, the oldest first. */
  readonly #recalled = new Map<string, string>();
  #isClosed = false;

  constructor(timers: Timers) {
    this.#timers = timers;
  }

  /** Resolves with what is given, or with undefined. Rejects when too many wait, or when the scheduler stops. */
  stand(request: ExchangeRequest, waitMs: number): Promise<ExchangeResult | undefined> {
    if (this.#isClosed) return Promise.reject(stopping());
    if (this.#isRecalled(request)) return Promise.resolve(undefined);
    this.#end(this.#offers.get(request.executorId)); // F3
    if (this.#offers.size >= OFFERS_MAX) return Promise.reject(tooMany());
    return new Promise((resolve, reject) => {
      const offer = { request, resolve, reject, isInHand: false, isOver: false };
      const forgetEnd = this.#timers.after(waitMs, () => this.#end(standing));
      const standing: Standing = { ...offer, forgetEnd };
      this.#offers.set(request.executorId, standing);
    });
  }

  /** Ends the wait of an offer, if it still waits. */
  recall(executorId: string, tokenHash: string): void {
    const offer = this.#offers.get(executorId);
    if (offer?.request.tokenHash === tokenHash) this.#end(offer);
    else this.#noteRecall(executorId, tokenHash);
  }

  /** Most come after the end of their offer, and are forgotten with the next of the executor. */
  #noteRecall(executorId: string, tokenHash: string): void {
    this.#recalled.delete(executorId);
    this.#recalled.set(executorId, tokenHash);
    const [oldest] = this.#recalled.keys();
    if (this.#recalled.size > OFFERS_MAX && oldest !== undefined) this.#recalled.delete(oldest);
  }

  /** F4 */
  #isRecalled({ executorId, tokenHash }: ExchangeRequest): boolean {
    const recalled = this.#recalled.get(executorId);
    this.#recalled.delete(executorId);
    return recalled === tokenHash;
  }

  /** Gives a transaction all offers that wait. */
  take(): readonly OfferJob[] {
    const offers = [...this.#offers.values()];
    for (const offer of offers) offer.isInHand = true;
    return offers;
  }

  /** What the transaction gave; the other offers wait on. */
  settle(offers: readonly OfferJob[], given: ReadonlyMap<OfferJob, ExchangeResult>): void {
    for (const offer of offers as readonly Standing[]) {
      offer.isInHand = false;
      const result = given.get(offer);
      if (result !== undefined) this.#answer(offer, result);
      else if (offer.isOver) this.#answer(offer, undefined);
    }
  }

  /** F2 */
  fail(offers: readonly OfferJob[], error: FloeError): void {
    for (const offer of offers as readonly Standing[]) {
      this.#forget(offer);
      offer.reject(error);
    }
  }

  /** The scheduler stops: nobody is to wait for it. */
  close(): void {
    this.#isClosed = true;
    for (const offer of this.#offers.values()) this.#end(offer);
  }

  #end(offer: Standing | undefined): void {
    if (offer === undefined) return;
    if (offer.isInHand) {
      offer.isOver = true;
      this.#forget(offer);
    } else {
      this.#answer(offer, undefined);
    }
  }

  #answer(offer: Standing, result: ExchangeResult | undefined): void {
    this.#forget(offer);
    offer.resolve(result);
  }

  #forget(offer: Standing): void {
    offer.forgetEnd();
    const { executorId } = offer.request;
    if (this.#offers.get(executorId) === offer) this.#offers.delete(executorId);
  }
}

function tooMany(): FloeError {
  const message = `${OFFERS_MAX} executors wait at this scheduler`;
  return new FloeError('LIMIT_EXCEEDED', message, {
    details: { retry_after_ms: String(QUEUE_RETRY_MS) },
  });
}

function stopping(): FloeError {
  return new FloeError('SERVICE_UNAVAILABLE', 'the scheduler stops');
}
