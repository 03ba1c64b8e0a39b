import type { ItemsState } from './items/items-state.ts';
import { CANCEL_DEADLINE_MS } from './limits.ts';
import type { RunHead, StoredRun, StoredTask } from './state.ts';
import type { EpochMs } from './epoch-ms.ts';
import { isRunEnded, isTaskEnded } from './status.ts';

/** When `wake` is due; undefined once the run has ended. */
export function wakeAt(run: RunHead): EpochMs | undefined {
  return run.wakeAt;
}

/** Exact; looks at every task. */
export function earliestWake(run: StoredRun, tasks: Iterable<StoredTask>): EpochMs | undefined {
  if (isRunEnded(run.status)) return undefined;
  let earliest: EpochMs | undefined = nextRunWake(run);
  for (const task of tasks) earliest = earlier(earliest, nextTaskWake(task));
  return earliest;
}

/** When the run as a whole does something by itself. */
export function nextRunWake({ cancel, deadlineAt }: StoredRun): EpochMs | undefined {
  if (cancel === undefined) return deadlineAt;
  if (cancel.hasGivenUp === true) return undefined;
  return cancel.softUntil ?? (cancel.stoppedAt ?? cancel.at) + CANCEL_DEADLINE_MS;
}

/** When a task does something by itself. */
export function nextTaskWake(task: StoredTask): EpochMs | undefined {
  if (isTaskEnded(task.status)) return undefined;
  if (task.voiding !== undefined) return earlier(task.nextAttemptAt, task.voiding.until);
  const due = task.status === 'retrying' ? task.nextAttemptAt : task.deadlineAt;
  return earlier(earlier(due, task.totalDeadlineAt), task.items && nextItemsWake(task.items));
}

/** Running chunks have deadlines; failed ones wait for their next attempt. */
function nextItemsWake({ live, waiting }: ItemsState): EpochMs | undefined {
  let earliest: EpochMs | undefined;
  for (const { deadlineAt } of live) earliest = earlier(earliest, deadlineAt);
  for (const { notBefore } of waiting) earliest = earlier(earliest, notBefore);
  return earliest;
}

export function earlier(one: EpochMs | undefined, other: EpochMs | undefined): EpochMs | undefined {
  if (one === undefined || other === undefined) return one ?? other;
  return Math.min(one, other);
}
