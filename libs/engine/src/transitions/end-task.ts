import type { Draft } from '../draft.ts';
import type { Failure, StoredTask } from '../state.ts';
import { isTaskEnded } from '../status.ts';
import { makeReady } from './ready.ts';

export type TaskEnding = { readonly failure: Failure; readonly end?: 'failed' | 'timed_out' };

/** S1: a task becomes ready when the last of its upstream tasks succeeds, never before. */
export function succeedTask(draft: Draft, index: number): void {
  draft.setTask(index, { ...ended(draft), status: 'succeeded', failure: undefined });
  for (const next of draft.graphTask(index).downstream) {
    const waitingFor = draft.countUpstream(next);
    if (waitingFor === 0 && draft.task(next).status === 'pending') makeReady(draft, next);
  }
}

/** U1: everything that needs a task which did not succeed is upstream_failed, all the way down. */
export function failTask(draft: Draft, index: number, ending: TaskEnding): void {
  const { end = 'failed', failure } = ending;
  draft.setTask(index, { ...ended(draft), status: end, failure });
  const { id, downstream } = draft.graphTask(index);
  const because = { code: 'UPSTREAM_FAILED', message: `task ${id} did not succeed`, taskId: id };
  const queue = [...downstream];
  for (let next = queue.pop(); next !== undefined; next = queue.pop()) {
    draft.countUpstream(next);
    if (isTaskEnded(draft.task(next).status)) continue;
    draft.setTask(next, { ...ended(draft), status: 'upstream_failed', failure: because });
    queue.push(...draft.graphTask(next).downstream);
  }
}

/** Ends a task because its run is being stopped. What waits for it is ended in the same way by whoever stops the run. */
export function endCancelled(draft: Draft, index: number): void {
  draft.setTask(index, { ...ended(draft), status: cancelledStatus(draft) });
  for (const next of draft.graphTask(index).downstream) draft.countUpstream(next);
}

export function cancelledStatus(draft: Draft): 'cancelled' | 'timed_out' {
  return draft.run.cancel?.cause === 'timeout' ? 'timed_out' : 'cancelled';
}

function ended(draft: Draft): Pick<StoredTask, 'endedAt' | 'deadlineAt' | 'nextAttemptAt'> {
  return { endedAt: draft.world.now, deadlineAt: undefined, nextAttemptAt: undefined };
}
