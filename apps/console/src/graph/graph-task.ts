import type { TaskRun, WorkflowTask } from '@floe/client';

/** What the graph draws: a task of a run, or one of a workflow that has not run. */
export type GraphTask = TaskRun | WorkflowTask;

export function isTaskRun(task: GraphTask): task is TaskRun {
  return 'state' in task;
}
