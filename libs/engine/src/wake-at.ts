import { CANCEL_DEADLINE_MS } from './limits.ts';
import { isRunEnded, type EpochMs, type RunState } from './state.ts';

/** The earliest instant at which `wake` would change something; undefined once the run has ended. */
export function wakeAt(state: RunState): EpochMs | undefined {
  if (isRunEnded(state.status)) return undefined;
  let earliest =
    state.cancel === undefined ? state.deadlineAt : state.cancel.at + CANCEL_DEADLINE_MS;
  for (const task of state.tasks) {
    const due = task.status === 'retrying' ? task.nextAttemptAt : task.deadlineAt;
    if (due !== undefined && due < earliest) earliest = due;
  }
  return earliest;
}
