import type { ControlDatabase } from '@floe/database';
import { toFloeError } from '@floe/errors';
import type { Log } from '@floe/telemetry';
import type { RunCommitter } from '../commit/run-committer.ts';
import { EXECUTOR_FORGET_MS } from '../limits.ts';
import {
  findDueRuns,
  findExpiredLeases,
  republishHints,
  type ExpiredLease,
} from '../store/due-work.ts';
import { dropOldTraces } from '../store/outbox.ts';
import { forgetExecutors } from '../store/record-executor.ts';

export type DutyContext = {
  readonly db: ControlDatabase['db'];
  readonly committer: RunCommitter;
  readonly log: Log;
};

/** Wakes the runs whose time has come: retries, timeouts, cancels that nobody confirmed. */
export async function wakeDueRuns({ db, committer, log }: DutyContext): Promise<void> {
  const due = await findDueRuns(db);
  await settleEach(due, (runId) => committer.submit(runId, { type: 'wake' }), log);
}

/** Ends the attempts whose executor stopped renewing. */
export async function endExpiredLeases({ db, committer, log }: DutyContext): Promise<void> {
  const expired = await findExpiredLeases(db);
  const end = (lease: ExpiredLease) => {
    const { run_id, task_index: task, epoch, executor_id } = lease;
    log.warn({ run_id, task_index: task, epoch, executor_id }, 'the lease of an attempt ran out');
    const reason = `executor ${executor_id} stopped renewing the lease of the attempt`;
    return committer.submit(run_id, { type: 'lost', task, epoch, reason });
  };
  await settleEach(expired, end, log);
}

/**
 * One run that cannot be decided must not slow the pass for the others. When the database is away all fail alike, and
 * the pass fails with them.
 */
async function settleEach<Item>(
  items: readonly Item[],
  act: (item: Item) => Promise<unknown>,
  log: Log,
): Promise<void> {
  const outcomes = await Promise.allSettled(items.map(act));
  const errors = outcomes.flatMap((one) =>
    one.status === 'rejected' ? [toFloeError(one.reason)] : [],
  );
  const outage = errors.find(({ code }) => code === 'DATABASE_UNAVAILABLE');
  if (outage !== undefined) throw outage;
  for (const error of errors) log.error({ err: error }, 'a run cannot be decided');
}

/** Announces again what nobody took; forgets executors that are long gone, and traces that no collector takes. */
export async function reconcile({ db, log }: DutyContext): Promise<void> {
  const count = await republishHints(db);
  if (count > 0) log.info({ count }, 'hints that nobody took were published again');
  await forgetExecutors(db, EXECUTOR_FORGET_MS);
  const dropped = await dropOldTraces(db);
  if (dropped > 0) log.warn({ count: dropped }, 'no collector took these traces; they are gone');
}
