import { isTaskEnded, type TaskState, type TaskStatus, type Trigger } from '@floe/engine';
import type { MakeChecker } from './checker.ts';

export const order: MakeChecker = ({ tables }) => ({
  name: 'order',
  promise: 'I10: a task starts only when what it needs has ended as its trigger asks',
  onCommit({ before, batch }, fail) {
    for (const { runId, task } of batch.claims) {
      const { plan, state } = tables.runs.get(runId)!;
      const { upstream, trigger } = plan.graph.tasks[task]!;
      const { readyAt } = state.tasks[task]!;
      const ends = upstream.map((index) => state.tasks[index]!.status);
      const earlier = upstream.map((index) => endOf(state.tasks[index]!, readyAt));
      // A task that has begun is tried again, even when an input that was to be made again is gone for good.
      const isAgain = upstream.some((index) => (state.tasks[index]!.generation ?? 1) > 1);
      const hasBegun = isAgain && before.get(runId)?.state.tasks[task]?.startedAt !== undefined;
      if (!hasBegun && !mayStart(trigger, ends) && !mayStart(trigger, earlier))
        fail(`${runId}/${task} (${trigger}) was claimed while its upstream was ${ends.join(', ')}`);
      // What is asked while its run is paused or stopped is only whether a load can be ruled out.
      const isVoiding = state.tasks[task]!.voiding !== undefined;
      // What an attempt of several tasks has done counts although the same transaction pauses the run.
      const wasPaused = before.get(runId)?.state.status === 'paused';
      if (state.status === 'paused' && wasPaused && !isVoiding)
        fail(`${runId}/${task} was claimed while its run was paused`);
    }
  },
});

/** What is done again for the sake of another task had succeeded before, when this one became ready. */
function endOf(upstream: TaskState, readyAt = 0): TaskStatus {
  const { status, generation = 1, endedAt = Infinity } = upstream;
  const isLater = !isTaskEnded(status) || endedAt >= readyAt;
  return generation > 1 && isLater ? 'succeeded' : status;
}

/** Said anew, in the words of the documentation: the code that is checked is not asked. */
function mayStart(trigger: Trigger, ends: readonly TaskStatus[]): boolean {
  switch (trigger) {
    case 'all_succeeded':
      return ends.every((status) => status === 'succeeded');
    case 'all_done':
      return ends.every(isTaskEnded);
    case 'one_failed':
      return ends.some(hasFailed);
    case 'one_succeeded':
      return ends.includes('succeeded');
    case 'none_failed':
      return ends.every((status) => isTaskEnded(status) && !hasFailed(status));
  }
}

function hasFailed(status: TaskStatus): boolean {
  return isTaskEnded(status) && status !== 'succeeded' && status !== 'skipped';
}
