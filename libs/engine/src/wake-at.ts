import { CANCEL_DEADLINE_MS } from './limits.ts';
import type { EpochMs, RunHead, StoredRun, StoredTask } from './state.ts';

/** When `wake` is due; undefined once the run has ended. */
export function wakeAt(run: RunHead): EpochMs | undefined {
  return run.wakeAt;
}

/** When the run as a whole does something by itself. */
export function nextRunWake(run: StoredRun): EpochMs {
  return run.cancel === undefined ? run.deadlineAt : run.cancel.at + CANCEL_DEADLINE_MS;
}

/** When a task does something by itself. */
export function nextTaskWake(task: StoredTask): EpochMs | undefined {
  return task.status === 'retrying' ? task.nextAttemptAt : task.deadlineAt;
}
