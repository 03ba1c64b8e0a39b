import type { Capacity, Lane } from './lane.ts';
import type { Outcome } from './outcome.ts';

/** An attempt: one epoch of a task of a run. */
export type AttemptName = {
  readonly runId: string;
  readonly taskId: string;
  readonly epoch: number;
};

/** The right to run an attempt until a time. `Work` is what the worker needs to know; nothing here looks into it. */
export type Lease<Work> = AttemptName & {
  readonly attemptId: string;
  /** Proof of the lease; comes with every renewal and with the outcome. */
  readonly token: string;
  /** It is over this long after it was asked for, unless it is renewed. */
  readonly leaseMs: number;
  readonly lane: Lane;
  readonly timeoutMs: number;
  /** The work is ended when it reports no progress for this long; 0 when it need not report any. */
  readonly progressTimeoutMs: number;
  readonly work: Work;
};

export type LeaseProof = AttemptName & { readonly token: string };

export type Finish = {
  readonly lease: LeaseProof;
  readonly outcome: Outcome;
  readonly peakMemoryBytes: number;
  /** By the clock of the executor; absent when the work never began. */
  readonly beganAtMs?: number;
};

export type ExchangeRequest = {
  /** New for each request, the same when it is repeated: the token of all leases that it takes. */
  readonly token: string;
  /** True when the request was sent before and its answer was lost. */
  readonly repeated: boolean;
  readonly free: Capacity;
  readonly finished: readonly Finish[];
  /** When nobody waits for the answer any more, by the clock of `decidedAt`; absent before the first answer. */
  readonly answerBy?: number;
};

export type ExchangeAnswer<Work> = {
  /** One for each finished attempt, in their order. */
  readonly accepted: readonly boolean[];
  readonly leases: readonly Lease<Work>[];
  /** More attempts of the pool are ready than were given. */
  readonly moreReady: boolean;
  /** Milliseconds since 1970, by the clock of the store; absent when the scheduler does not say. */
  readonly decidedAt?: number;
};

export type Progress = {
  readonly rows: number;
  readonly bytes: number;
  /** A worker has the task and works on it. */
  readonly hasBegun?: boolean;
  /** What the lead of partitions hands out to them, JSON. */
  readonly handout?: string;
};

export type Renewal = LeaseProof & { readonly progress: Progress };

/** `held` false: the lease is gone. `cancel`: the run is being cancelled, the work is to end. */
export type Verdict = { readonly held: boolean; readonly cancel: boolean };

export type OfferWait = { readonly waitMs: number; readonly deadlineMs: number };

export type OfferCall<Work> = {
  readonly answer: Promise<ExchangeAnswer<Work>>;
  /** Asks the scheduler that has the offer to answer at once. May be lost. */
  recall(): void;
};

/** The scheduler, as an executor sees it. Calls reject with a FloeError, at the latest when the deadline is over. */
export type Scheduler<Work> = {
  /** Ends attempts and takes new ones, in one transaction. The same request again has the same effect once. */
  exchange(request: ExchangeRequest, deadlineMs: number): Promise<ExchangeAnswer<Work>>;
  /**
   * Leaves room with a scheduler. It answers with leases as soon as it has work for the room, and with none after the time
   * or when the offer is recalled.
   */
  offer(request: ExchangeRequest, wait: OfferWait): OfferCall<Work>;
  /** Extends leases, and says that this executor lives. One verdict for each renewal, in their order. */
  renew(renewals: readonly Renewal[], deadlineMs: number): Promise<readonly Verdict[]>;
};
