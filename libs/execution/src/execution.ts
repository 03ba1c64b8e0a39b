/**
 * The executor: takes leases for the room it has, runs their work, and tells how it ended.
 *
 * Owns: the attempts from lease to answer, and whether new ones are taken.
 *
 *   E1. `active` leads to `draining` leads to `stopped`, never back.
 *   E2. Draining takes nothing new. It ends: what does not finish in time is handed back, as is a lease that was
 *       already on its way.
 *   E3. Stopped means that every attempt has been answered, or that its lease is gone.
 */
import { Attempt } from './attempt.ts';
import type { AttemptPorts } from './attempt.ts';
import type { Clock, Random } from './clock.ts';
import { ExchangeLoop } from './exchange-loop.ts';
import { HintLoop } from './hint-loop.ts';
import type { HintSource } from './hint-source.ts';
import { LANES, NO_CAPACITY, withoutHeld } from './lane.ts';
import { LeaseKeeper } from './lease-keeper.ts';
import type { Log } from './log.ts';
import type { AttemptName, Lease, Scheduler } from './scheduler.ts';
import { StandingOffer } from './standing-offer.ts';
import type { Worker } from './worker.ts';

// A lease that is on its way while an executor drains is waited for this long: one call and a repetition.
const LAST_ANSWER_MS = 7_000;

export type ExecutionState = 'active' | 'draining' | 'stopped';

// A lease whose answer took this share of it is given back while it is still held, not begun.
const TOO_LATE_SHARE = 0.5;

export type ExecutionPorts<Work> = {
  readonly scheduler: Scheduler<Work>;
  readonly hints: HintSource;
  /** Hints of work that asks for a label, one source for each label that this executor offers. */
  readonly labelHints?: readonly HintSource[];
  readonly worker: Worker<Work>;
  readonly clock: Clock;
  readonly random: Random;
  /** At least 32 characters that nobody can guess. */
  readonly newToken: () => string;
  readonly log: Log;
};

export class Execution<Work> {
  readonly #ports: ExecutionPorts<Work>;
  readonly #leases: LeaseKeeper;
  readonly #exchange: ExchangeLoop<Work>;
  readonly #offer: StandingOffer<Work>;
  readonly #hintLoops: readonly HintLoop[];
  readonly #attemptPorts: AttemptPorts<Work>;
  readonly #attempts = new Set<Attempt<Work>>();
  readonly #settled = Promise.withResolvers<void>();
  #state: ExecutionState = 'active';
  #handBackAtMs = Number.POSITIVE_INFINITY;
  #forgetHandBack: () => void = () => {};
  #forgetLastAnswer: (() => void) | undefined;

  constructor(ports: ExecutionPorts<Work>) {
    const { scheduler, worker, clock, random, newToken, log } = ports;
    const common = { scheduler, clock, random, newToken, log };
    this.#ports = ports;
    this.#leases = new LeaseKeeper({ scheduler, clock, random, log });
    const free = () => (this.#state === 'active' ? worker.free : NO_CAPACITY);
    this.#exchange = new ExchangeLoop({
      ...common,
      free: () => withoutHeld(free(), this.#offer.held),
      withdraw: () => this.#offer.withdraw(),
      onLeases: (leases, askedAtMs) => this.#begin(leases, askedAtMs),
      onIdle: () => this.#rest(),
    });
    this.#offer = new StandingOffer({
      ...common,
      free,
      storeAfter: (ms) => this.#exchange.storeAfter(ms),
      onLeases: (leases, askedAtMs) => this.#begin(leases, askedAtMs),
      onMoreReady: () => this.#useRoom(),
      onOver: () => {
        this.#stopWhenDone();
        // What ends at once is told first.
        clock.soon(() => this.#rest());
      },
    });
    const look = () => this.#exchange.look();
    this.#hintLoops = [ports.hints, ...(ports.labelHints ?? [])].flatMap((hints) =>
      LANES.map((lane) => {
        const hasRoom = () => worker.free[lane] > 0;
        return new HintLoop({ lane, hints, hasRoom, look });
      }),
    );
    this.#attemptPorts = this.#createAttemptPorts();
  }

  start(): void {
    this.#leases.start();
    this.#exchange.start();
    this.#ports.worker.onRoom(() => this.#useRoom());
    this.#watchHints();
  }

  get state(): ExecutionState {
    return this.#state;
  }

  /** Those that were not answered yet. */
  get attempts(): ReadonlySet<Attempt<Work>> {
    return this.#attempts;
  }

  /** Ends the work of a cancelled attempt, if it runs here. */
  cancel(name: AttemptName): void {
    for (const attempt of this.#attempts) {
      if (attempt.is(name)) attempt.stop({ kind: 'cancelled' });
    }
  }

  /** Takes nothing new; hands back what still runs after the time. The earliest of several calls counts. */
  drain(withinMs: number): void {
    if (this.#state === 'active') {
      this.#state = 'draining';
      for (const loop of this.#hintLoops) loop.stop();
      void this.#offer.withdraw();
      this.#stopWhenDone();
    }
    const { clock } = this.#ports;
    const atMs = clock.nowMs() + withinMs;
    if (atMs >= this.#handBackAtMs) return;
    this.#handBackAtMs = atMs;
    this.#forgetHandBack();
    this.#forgetHandBack = clock.after(withinMs, () => {
      for (const attempt of this.#attempts) attempt.stop({ kind: 'drained' });
    });
  }

  /** Drains, waits until all is answered, and says goodbye. */
  async stop(withinMs: number): Promise<void> {
    this.drain(withinMs);
    await this.#settled.promise;
    await this.#leases.stop();
  }

  #createAttemptPorts(): AttemptPorts<Work> {
    const { worker, clock, log } = this.#ports;
    return {
      worker,
      leases: this.#leases,
      clock,
      log,
      onEnded: (attempt, finish) => {
        if (finish === undefined) this.#useRoom();
        else this.#exchange.tell(attempt, finish);
      },
      onSettled: (attempt) => {
        this.#attempts.delete(attempt);
        this.#stopWhenDone();
      },
    };
  }

  #begin(leases: readonly Lease<Work>[], askedAtMs: number): void {
    const { clock } = this.#ports;
    for (const lease of leases) {
      const attempt = new Attempt(this.#attemptPorts, lease, askedAtMs);
      this.#attempts.add(attempt);
      if (this.#state === 'active' && !isTooLate(lease, clock.nowMs() - askedAtMs)) attempt.start();
      // E2
      else attempt.handBack();
    }
    this.#watchHints();
  }

  #useRoom(): void {
    if (this.#state !== 'active') return;
    this.#exchange.request();
    this.#watchHints();
  }

  #watchHints(): void {
    for (const loop of this.#hintLoops) loop.watch();
  }

  /** Nothing is to be told. */
  #rest(): void {
    this.#stopWhenDone();
    if (this.#state === 'active' && this.#exchange.isAtRest) this.#offer.stand();
  }

  #stopWhenDone(): void {
    if (this.#state !== 'draining' || this.#attempts.size > 0) return;
    if (this.#exchange.isIdle && this.#offer.isIdle) return this.#end();
    this.#forgetLastAnswer ??= this.#ports.clock.after(LAST_ANSWER_MS, () => {
      this.#forgetLastAnswer = undefined;
      if (this.#attempts.size === 0) this.#end();
    });
  }

  #end(): void {
    if (this.#state === 'stopped') return;
    this.#state = 'stopped';
    this.#forgetLastAnswer?.();
    this.#forgetHandBack();
    this.#exchange.stop();
    this.#offer.stop();
    this.#settled.resolve();
  }
}

function isTooLate({ leaseMs }: Lease<unknown>, ageMs: number): boolean {
  return ageMs > leaseMs * TOO_LATE_SHARE;
}
