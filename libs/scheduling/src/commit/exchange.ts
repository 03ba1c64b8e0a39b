import type { Lane } from '@floe/engine';
import type { RunRecord } from '../runs/run-record.ts';
import type { SubmittedFinish } from './commit-input.ts';

/** What an executor gives and could take. */
export type ExchangeRequest = {
  readonly executorId: string;
  readonly pool: string;
  /** What it offers besides, sorted. */
  readonly labels: readonly string[];
  readonly tokenHash: string;
  /** The answer to the same request may have been lost: what its token holds is given again. */
  readonly isRepeated: boolean;
  readonly free: Readonly<Record<Lane, number>>;
  readonly finished: readonly FinishedAttempt[];
  /** When the executor stops waiting, by the clock of the store; absent while it does not know that clock. */
  readonly answerBy?: number;
};

export type FinishedAttempt = { readonly runId: string; readonly input: SubmittedFinish };

export type ExchangeResult = {
  /** One for each finished attempt, in order: whether its outcome counts. */
  readonly accepted: readonly boolean[];
  readonly leases: readonly Lease[];
  /** True when more attempts that the executor could run are ready. */
  readonly moreReady: boolean;
  /** By the clock of the store. */
  readonly decidedAt: number;
};

/** An attempt that is now the executor's; the run is as it was after the commit. */
export type Lease = {
  readonly record: RunRecord;
  readonly task: number;
  readonly epoch: number;
};
