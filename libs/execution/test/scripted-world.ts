/** Scheduler, hints and work as ports that a test plays by hand. */
import { Execution } from '../src/execution.ts';
import type { Capacity, Lane } from '../src/lane.ts';
import type { Log } from '../src/log.ts';
import type { Settlement } from '../src/outcome.ts';
import type { ExchangeAnswer, ExchangeRequest, Lease, Renewal, Verdict } from '../src/scheduler.ts';
import type { RunningWork, StopReason, WorkListener, Worker } from '../src/worker.ts';
import { VirtualTime } from './virtual-time.ts';

const silent: Log = { debug() {}, info() {}, warn() {}, error() {} };
const LEASE_MS = 10_000;
/** How far the clock of the store is ahead of the executor's. */
export const STORE_AHEAD_MS = 1_000_000;

type Reply<Answer> = { resolve(answer: Answer): void; reject(error: Error): void };

export type SeenExchange = ExchangeRequest & Reply<ExchangeAnswer<string>>;
export type SeenOffer = SeenExchange & { readonly waitMs: number; isRecalled: boolean };
export type SeenHint = { readonly lane: Lane; give(): void; state: 'asked' | 'acked' | 'released' };

export class SeenWork implements RunningWork {
  readonly lease: Lease<string>;
  readonly listener: WorkListener;
  stops: StopReason[] = [];
  settlement: Settlement | undefined;

  constructor(lease: Lease<string>, listener: WorkListener) {
    this.lease = lease;
    this.listener = listener;
  }

  stop(reason: StopReason): void {
    this.stops.push(reason);
  }

  conclude<Outcome>(outcome: Outcome): Outcome {
    return outcome;
  }

  settle(settlement: Settlement): void {
    this.settlement = settlement;
  }
}

export class World {
  readonly time = new VirtualTime();
  readonly exchanges: SeenExchange[] = [];
  readonly offers: SeenOffer[] = [];
  readonly renewals: Renewal[][] = [];
  readonly hints: SeenHint[] = [];
  readonly works: SeenWork[] = [];
  /** What the worker says it has room for; work that runs is taken off. */
  room: Capacity = { slot: 1, light: 4 };
  answersRecalls = true;
  onRenew: (renewals: readonly Renewal[]) => Verdict[] = (renewals) =>
    renewals.map(() => ({ held: true, cancel: false }));
  #onRoom: () => void = () => {};
  #tokens = 0;
  readonly #running = new Set<SeenWork>();

  readonly execution = new Execution<string>({
    clock: this.time.clock,
    random: () => 0.5,
    newToken: () => `token-${(this.#tokens += 1)}`,
    log: silent,
    scheduler: {
      exchange: (request) =>
        new Promise((resolve, reject) => this.exchanges.push({ ...request, resolve, reject })),
      offer: (request, { waitMs }) => {
        const { promise, resolve, reject } = Promise.withResolvers<ExchangeAnswer<string>>();
        const offer: SeenOffer = { ...request, waitMs, resolve, reject, isRecalled: false };
        this.offers.push(offer);
        return { answer: promise, recall: () => this.#recall(offer) };
      },
      renew: async (renewals) => {
        this.renewals.push([...renewals]);
        return this.onRenew(renewals);
      },
    },
    hints: { next: (lane, signal) => this.#nextHint(lane, signal) },
    worker: this.#worker(),
  });

  /** Starts it, and lets it meet its scheduler. */
  async start(): Promise<void> {
    this.execution.start();
    await this.time.settle();
    await this.answer();
    this.exchanges.shift();
  }

  get lastOffer(): SeenOffer {
    return this.offers.at(-1)!;
  }

  /** Work has become ready for the offer that stands; without any, its time is over. */
  async answerOffer(leases: readonly Lease<string>[] = [], moreReady = false): Promise<void> {
    const decidedAt = STORE_AHEAD_MS + this.time.clock.nowMs();
    this.lastOffer.resolve({ accepted: [], leases, moreReady, decidedAt });
    await this.time.settle();
  }

  get lastExchange(): SeenExchange {
    return this.exchanges.at(-1)!;
  }

  /** Answers the exchange under way; every end in it is accepted. */
  async answer(leases: readonly Lease<string>[] = [], moreReady = false): Promise<void> {
    const exchange = this.lastExchange;
    const decidedAt = STORE_AHEAD_MS + this.time.clock.nowMs();
    const accepted = exchange.finished.map(() => true);
    exchange.resolve({ accepted, leases, moreReady, decidedAt });
    await this.time.settle();
  }

  async fail(error: Error): Promise<void> {
    this.lastExchange.reject(error);
    await this.time.settle();
  }

  /** The work of a task succeeds. */
  async succeed(taskId: string): Promise<void> {
    this.endWork(taskId);
    await this.time.settle();
  }

  endWork(taskId: string): void {
    const result = { rows: 0, bytes: 0, datasetJson: '', failedItems: [] };
    const work = this.workOf(taskId);
    this.#running.delete(work);
    work.listener.onEnd({ kind: 'succeeded', result, peakMemoryBytes: 0 });
  }

  /** The work of a task is gone after it was told to stop. */
  async die(taskId: string): Promise<void> {
    const work = this.workOf(taskId);
    this.#running.delete(work);
    const failure = { code: 'WORKER_CRASHED', message: '', details: {}, retryable: true };
    work.listener.onEnd({ kind: 'died', failure, peakMemoryBytes: 0 });
    await this.time.settle();
  }

  workOf(taskId: string): SeenWork {
    return this.works.find((work) => work.lease.taskId === taskId)!;
  }

  async gainRoom(room: Capacity): Promise<void> {
    this.room = room;
    this.#onRoom();
    await this.time.settle();
  }

  openHints(lane: Lane): SeenHint[] {
    return this.hints.filter((hint) => hint.lane === lane && hint.state === 'asked');
  }

  /** A scheduler answers it at once, unless it is in trouble. */
  #recall(offer: SeenOffer): void {
    offer.isRecalled = true;
    if (this.answersRecalls) offer.resolve({ accepted: [], leases: [], moreReady: false });
  }

  #worker(): Worker<string> {
    const freeIn = (lane: Lane) => {
      const taken = [...this.#running].filter((work) => work.lease.lane === lane).length;
      return Math.max(0, this.room[lane] - taken);
    };
    return {
      get free() {
        return { slot: freeIn('slot'), light: freeIn('light') };
      },
      onRoom: (listener) => (this.#onRoom = listener),
      run: (lease, listener) => {
        const work = new SeenWork(lease, listener);
        this.works.push(work);
        this.#running.add(work);
        return work;
      },
    };
  }

  #nextHint(lane: Lane, signal: AbortSignal) {
    return new Promise<{ ack(): void; release(): void } | undefined>((resolve) => {
      const seen: SeenHint = { lane, state: 'asked', give: () => resolve(hint) };
      const hint = {
        ack: () => void (seen.state = 'acked'),
        release: () => void (seen.state = 'released'),
      };
      this.hints.push(seen);
      signal.addEventListener('abort', () => resolve(undefined), { once: true });
    });
  }
}

export function aLease(taskId: string, overrides: Partial<Lease<string>> = {}): Lease<string> {
  return {
    runId: 'run',
    taskId,
    epoch: 1,
    attemptId: `run/${taskId}/1`,
    token: 'token',
    leaseMs: LEASE_MS,
    lane: 'light',
    timeoutMs: 60_000,
    progressTimeoutMs: 0,
    work: taskId,
    ...overrides,
  };
}
