/**
 * Room that is left with one scheduler until it has work for it, so that work begins without a hint and without another
 * call.
 *
 *   S1. One offer at most, and only while there is nothing to exchange: what is told and looked for goes first.
 *   S2. Room is offered once: exchanges offer what the offer does not hold.
 *   S3. Whoever looks for work withdraws the offer first. A scheduler that does not answer to that at once no longer
 *       holds the room.
 *   S4. An offer without an answer is asked about under its token until that is answered, so no lease that it may have
 *       brought stays unknown.
 *   S5. It is let go by its time: leases are counted from when it was made, and must still be worth something.
 *   S6. A scheduler that answers too soon with nothing is not asked again before the time is over.
 */
import { toFloeError } from '@floe/errors';
import { backoffMs, pause } from './clock.ts';
import type { Clock, Random } from './clock.ts';
import { NO_CAPACITY, hasRoom } from './lane.ts';
import type { Capacity } from './lane.ts';
import type { Log } from './log.ts';
import type { ExchangeAnswer, ExchangeRequest, Lease, OfferCall, Scheduler } from './scheduler.ts';

// A third of a lease: what comes at the end of it is still held for longer than an answer may take.
const WAIT_MS = 2_000;
// The way there and back, and one transaction.
const GRACE_MS = 1_000;
// An answer to a withdrawal is a way there and back; a scheduler that needs longer than this is in trouble.
const WITHDRAW_WITHIN_MS = 250;
const FIRST_PAUSE_MS = 50;
const PAUSE_MAX_MS = 1_000;
const ASK_WITHIN_MS = 3_000;

export type OfferPorts<Work> = {
  readonly scheduler: Pick<Scheduler<Work>, 'exchange' | 'offer'>;
  readonly clock: Clock;
  readonly random: Random;
  readonly newToken: () => string;
  readonly log: Log;
  /** What may be taken now; none while draining. */
  readonly free: () => Capacity;
  /** The clock of the store after this time on the executor's; undefined while nobody knows it. */
  readonly storeAfter: (ms: number) => number | undefined;
  readonly onLeases: (leases: readonly Lease<Work>[], askedAtMs: number) => void;
  /** More is ready than was given. */
  readonly onMoreReady: () => void;
  /** No offer stands any more. */
  readonly onOver: () => void;
};

type Standing<Work> = { readonly call: OfferCall<Work>; readonly over: Promise<void> };

export class StandingOffer<Work> {
  readonly #ports: OfferPorts<Work>;
  readonly #stopping = new AbortController();
  #standing: Standing<Work> | undefined;
  #held: Capacity = NO_CAPACITY;
  #notBeforeMs = 0;
  #isWithdrawn = false;

  constructor(ports: OfferPorts<Work>) {
    this.#ports = ports;
  }

  /** Room that must not be offered elsewhere. */
  get held(): Capacity {
    return this.#held;
  }

  /** No answer is awaited. */
  get isIdle(): boolean {
    return this.#standing === undefined;
  }

  /** To be called whenever there is nothing to exchange. */
  stand(): void {
    const { clock, free, newToken, storeAfter } = this.#ports;
    const room = free();
    const answerBy = storeAfter(WAIT_MS + GRACE_MS);
    const isEarly = clock.nowMs() < this.#notBeforeMs;
    if (!this.isIdle || isEarly || answerBy === undefined || !hasRoom(room)) return;
    if (this.#stopping.signal.aborted) return;
    const request = { token: newToken(), repeated: false, free: room, finished: [], answerBy };
    this.#held = room;
    this.#isWithdrawn = false;
    const wait = { waitMs: WAIT_MS, deadlineMs: WAIT_MS + GRACE_MS };
    const call = this.#ports.scheduler.offer(request, wait);
    this.#standing = { call, over: this.#await(call.answer, request) };
  }

  /** Resolves when no offer holds room, within a moment. */
  async withdraw(): Promise<void> {
    if (this.#standing === undefined) return;
    const { call, over } = this.#standing;
    if (!this.#isWithdrawn) call.recall();
    this.#isWithdrawn = true;
    const late = Promise.withResolvers<void>();
    const callOff = this.#ports.clock.after(WITHDRAW_WITHIN_MS, late.resolve);
    await Promise.race([over, late.promise]);
    callOff();
    this.#held = NO_CAPACITY; // S3
  }

  stop(): void {
    this.#stopping.abort();
  }

  async #await(answered: Promise<ExchangeAnswer<Work>>, request: ExchangeRequest): Promise<void> {
    const { clock, onLeases, onMoreReady, onOver } = this.#ports;
    const askedAtMs = clock.nowMs();
    const answer = await answered.catch((thrown: unknown) => this.#ask(request, thrown));
    this.#held = NO_CAPACITY;
    this.#standing = undefined;
    if (this.#stopping.signal.aborted) return;
    if (answer === undefined || answer.leases.length === 0) this.#noteEmpty(askedAtMs);
    onLeases(answer?.leases ?? [], askedAtMs);
    if (answer?.moreReady === true) onMoreReady();
    onOver();
  }

  /** S4 */
  async #ask(request: ExchangeRequest, thrown: unknown): Promise<ExchangeAnswer<Work> | undefined> {
    const { scheduler, clock, random, log } = this.#ports;
    const { signal } = this.#stopping;
    const again = { ...request, repeated: true, free: NO_CAPACITY };
    this.#held = NO_CAPACITY;
    let error = toFloeError(thrown);
    for (let failures = 1; !signal.aborted; failures += 1) {
      log.warn({ err: error, failures }, 'an offer to the scheduler was not answered');
      const bounds = { baseMs: FIRST_PAUSE_MS, maxMs: PAUSE_MAX_MS };
      await pause(clock, backoffMs(failures, bounds, random), signal);
      try {
        return await scheduler.exchange(again, ASK_WITHIN_MS);
      } catch (failed) {
        error = toFloeError(failed);
      }
    }
    return undefined;
  }

  /** S6 */
  #noteEmpty(askedAtMs: number): void {
    const { clock } = this.#ports;
    if (this.#isWithdrawn || clock.nowMs() - askedAtMs >= WAIT_MS / 2) return;
    this.#notBeforeMs = askedAtMs + WAIT_MS;
  }
}
