import type { FloeError } from '@floe/errors';
import { LANES } from '../lane.ts';
import type { Demand } from '../ports.ts';
import type { CommitResult, SubmittedInput } from './commit-input.ts';
import type { ExchangeRequest, ExchangeResult } from './exchange.ts';
import type { NewRun } from './rows.ts';

type Answer<Result> = { resolve(result: Result): void; reject(error: FloeError): void };

export type InputJob = Answer<CommitResult> & {
  readonly kind: 'input';
  readonly runId: string;
  readonly input: SubmittedInput;
};

export type CreateJob = Answer<CommitResult> & { readonly kind: 'create'; readonly newRun: NewRun };

export type ExchangeJob = Answer<ExchangeResult> & {
  readonly kind: 'exchange';
  readonly request: ExchangeRequest;
};

/** Something that waits for a transaction, and whoever waits for its outcome. */
export type Job = InputJob | CreateJob | ExchangeJob;

/** Roughly how many changes it causes. */
export function weightOf(job: Job): number {
  if (job.kind !== 'exchange') return 1;
  const { finished, free } = job.request;
  return 1 + finished.length + LANES.reduce((sum, lane) => sum + free[lane], 0);
}

/** Runs that must be locked for it; ready attempts lock theirs themselves. */
export function runsOf(job: Job): readonly string[] {
  switch (job.kind) {
    case 'input':
      return [job.runId];
    case 'create':
      return [];
    case 'exchange':
      return job.request.finished.map(({ runId }) => runId);
  }
}

/** What the exchanges among the jobs could take, by pool, lane and labels. */
export function demandsOf(jobs: readonly Job[]): Demand[] {
  const demands = new Map<string, Demand>();
  for (const job of jobs) {
    if (job.kind !== 'exchange') continue;
    const { pool, labels, free } = job.request;
    for (const lane of LANES) {
      const key = `${lane} ${pool} ${labels.join()}`;
      const limit = (demands.get(key)?.limit ?? 0) + free[lane];
      if (limit > 0) demands.set(key, { pool, lane, labels, limit });
    }
  }
  return [...demands.values()];
}

export function reject(jobs: readonly Job[], error: FloeError): void {
  for (const job of jobs) job.reject(error);
}
