import type { ControlDatabase } from '@floe/database';
import type { Log } from '@floe/telemetry';
import type { RunCommitter } from '../commit/run-committer.ts';
import { EXECUTOR_FORGET_MS } from '../limits.ts';
import { findDueRuns, findExpiredLeases, republishHints } from '../store/due-work.ts';
import { forgetExecutors } from '../store/record-executor.ts';

export type DutyContext = {
  readonly db: ControlDatabase['db'];
  readonly committer: RunCommitter;
  readonly log: Log;
};

/** Wakes the runs whose time has come: retries, timeouts, cancels that nobody confirmed. */
export async function wakeDueRuns({ db, committer }: DutyContext): Promise<void> {
  const due = await findDueRuns(db);
  await Promise.all(due.map((runId) => committer.submit(runId, { type: 'wake' })));
}

/** Ends the attempts whose executor stopped renewing. */
export async function endExpiredLeases({ db, committer, log }: DutyContext): Promise<void> {
  const expired = await findExpiredLeases(db);
  const ended = expired.map(async (lease) => {
    const { run_id, task_index: task, epoch, executor_id } = lease;
    log.warn({ run_id, task_index: task, epoch, executor_id }, 'the lease of an attempt ran out');
    const reason = `executor ${executor_id} stopped renewing the lease of the attempt`;
    await committer.submit(run_id, { type: 'lost', task, epoch, reason });
  });
  await Promise.all(ended);
}

/** Announces again what nobody took, and forgets executors that are long gone. */
export async function reconcile({ db, log }: DutyContext): Promise<void> {
  const count = await republishHints(db);
  if (count > 0) log.info({ count }, 'hints that nobody took were published again');
  await forgetExecutors(db, EXECUTOR_FORGET_MS);
}
