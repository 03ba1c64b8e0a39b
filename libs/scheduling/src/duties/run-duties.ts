import { toFloeError } from '@floe/errors';
import type { RunCommitter } from '../commit/run-committer.ts';
import {
  DUTY_ROWS_MAX,
  HINT_REPUBLISH_MS,
  HINTS_PER_COMMIT_MAX,
  LEASE_GRACE_MS,
  TRACE_KEEP_MS,
} from '../limits.ts';
import type { ExpiredLease, Log, Publisher, RunStore } from '../ports.ts';

export type DutyContext = {
  readonly store: RunStore;
  readonly publisher: Pick<Publisher, 'publishHints'>;
  readonly committer: RunCommitter;
  readonly log: Log;
};

/** Wakes the runs whose time has come: retries, timeouts, cancels that nobody confirmed. */
export async function wakeDueRuns({ store, committer, log }: DutyContext): Promise<void> {
  const due = await store.findDueRuns(DUTY_ROWS_MAX);
  await settleEach(due, (runId) => committer.submit(runId, { type: 'wake' }), log);
}

/** Ends the attempts whose executor stopped renewing. */
export async function endExpiredLeases({ store, committer, log }: DutyContext): Promise<void> {
  const expired = await store.findExpiredLeases(LEASE_GRACE_MS, DUTY_ROWS_MAX);
  const end = ({ runId, task, epoch, executorId }: ExpiredLease) => {
    log.warn(
      { run_id: runId, task_index: task, epoch, executor_id: executorId },
      'the lease of an attempt ran out',
    );
    const reason = `executor ${executorId} stopped renewing the lease of the attempt`;
    return committer.submit(runId, { type: 'lost', task, epoch, reason });
  };
  await settleEach(expired, end, log);
}

/** Announces again what nobody took: hints may be lost, and this is what makes up for it. */
export async function announceWaiting({ store, publisher }: DutyContext): Promise<void> {
  const waiting = await store.findWaiting(HINT_REPUBLISH_MS, HINTS_PER_COMMIT_MAX);
  publisher.publishHints(waiting.map(({ limit: count, ...place }) => ({ ...place, count })));
}

/** Gives up the traces that no collector takes. */
export async function dropOldTraces({ store, log }: DutyContext): Promise<void> {
  const wanted = { kinds: ['trace'], olderThanMs: TRACE_KEEP_MS, limit: DUTY_ROWS_MAX } as const;
  const old = await store.adoptOutbox(wanted);
  if (old.length === 0) return;
  await store.deleteOutbox(old.map(({ id }) => id));
  log.warn({ count: old.length }, 'no collector took these traces; they are gone');
}

/** Makes room: results that nobody may use any more. */
export async function forgetOldResults({ store }: DutyContext): Promise<void> {
  await store.forgetResults(DUTY_ROWS_MAX);
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
