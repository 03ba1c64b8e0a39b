import type { TaskRun } from '@floe/client';

/** What a retry runs again, and whose results it keeps. */
export type TasksAgain = {
  readonly again: readonly string[];
  readonly kept: readonly string[];
};

/**
 * As the engine decides it: a result is kept when it was good and all that it builds on is kept. From a task on: that task is
 * not kept, whatever became of it; empty for what failed alone.
 */
export function tasksAgain(tasks: readonly TaskRun[], fromTaskId: string): TasksAgain {
  const byId = new Map(tasks.map((task) => [task.taskId, task]));
  const isKept = new Map<string, boolean>();
  for (const task of tasks) visit(task);
  const names = tasks.map(({ taskId }) => taskId);
  return {
    again: names.filter((taskId) => isKept.get(taskId) !== true),
    kept: names.filter((taskId) => isKept.get(taskId) === true),
  };

  // With a stack of its own: a chain of thousands of tasks is deeper than that of the language.
  function visit(root: TaskRun): void {
    const stack = [root];
    for (let task = stack.at(-1); task !== undefined; task = stack.at(-1)) {
      const above = task.upstreamTaskIds.flatMap((id) => byId.get(id) ?? []);
      const open = above.find(({ taskId }) => !isKept.has(taskId));
      if (open !== undefined) {
        stack.push(open);
        continue;
      }
      stack.pop();
      const isGood = task.state === 'TASK_STATE_SUCCEEDED' || task.state === 'TASK_STATE_SKIPPED';
      const buildsOnKept = above.every(({ taskId }) => isKept.get(taskId) === true);
      isKept.set(task.taskId, isGood && buildsOnKept && task.taskId !== fromTaskId);
    }
  }
}
