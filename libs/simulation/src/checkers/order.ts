import { isTaskEnded, type TaskState, type TaskStatus, type Trigger } from '@floe/engine';
import type { MakeChecker } from './checker.ts';

export const order: MakeChecker = ({ tables }) => ({
  name: 'order',
  promise: 'I10: a task starts only when what it needs has ended as its trigger asks',
  onCommit({ batch }, fail) {
    for (const { runId, task } of batch.claims) {
      const { plan, state } = tables.runs.get(runId)!;
      const { upstream, trigger } = plan.graph.tasks[task]!;
      const ends = upstream.map((index) => endOf(state.tasks[index]!));
      if (!mayStart(trigger, ends))
        fail(`${runId}/${task} (${trigger}) was claimed while its upstream was ${ends.join(', ')}`);
      // What is asked while its run is paused or stopped is only whether a load can be ruled out.
      const isVoiding = state.tasks[task]!.voiding !== undefined;
      if (state.status === 'paused' && !isVoiding)
        fail(`${runId}/${task} was claimed while its run was paused`);
    }
  },
});

/** What is done again for the sake of another task had succeeded before. */
function endOf({ status, generation = 1 }: TaskState): TaskStatus {
  return generation > 1 && !isTaskEnded(status) ? 'succeeded' : status;
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
