import { RunState, TaskState } from '@floe/rpc/contracts';

export type StatusWord = 'Started' | 'Running' | 'Completed' | 'Failed' | 'Stopped';

/** The words of the replaced service for the states of a run; floe.old_status says the same in SQL. */
export function wordOfRun(state: RunState): StatusWord {
  switch (state) {
    case RunState.RUNNING:
    case RunState.PAUSED:
    case RunState.CANCELLING:
      return 'Running';
    case RunState.SUCCEEDED:
      return 'Completed';
    case RunState.FAILED:
    case RunState.TIMED_OUT:
      return 'Failed';
    case RunState.CANCELLED:
      return 'Stopped';
    default:
      return 'Started';
  }
}

export function wordOfTask(state: TaskState): StatusWord {
  switch (state) {
    case TaskState.RUNNING:
    case TaskState.RETRYING:
      return 'Running';
    case TaskState.SUCCEEDED:
    case TaskState.SKIPPED:
      return 'Completed';
    case TaskState.FAILED:
    case TaskState.TIMED_OUT:
      return 'Failed';
    case TaskState.CANCELLED:
    case TaskState.UPSTREAM_FAILED:
      return 'Stopped';
    default:
      return 'Started';
  }
}

/** A node is one task or several: the worst of them counts, and it is done when all are. */
export function wordOfNode(tasks: readonly StatusWord[]): StatusWord {
  for (const word of ['Failed', 'Running', 'Stopped'] as const) {
    if (tasks.includes(word)) return word;
  }
  if (tasks.every((word) => word === 'Completed')) return 'Completed';
  return tasks.every((word) => word === 'Started') ? 'Started' : 'Running';
}
