/**
 * What the page knows of one run.
 *
 * 1. An event is taken once: one that is not newer than the model changes nothing.
 * 2. Tasks keep the order of the workflow; a task that an event brings up first goes to the end.
 * 3. Tasks that did not change keep their identity, so that what shows them need not be drawn again.
 */
import type { Run, RunUpdate, TaskProgress, TaskRun } from '@floe/client';

export type RunModel = {
  readonly run: Run;
  readonly tasks: readonly TaskRun[];
  /** Of the newest event that was taken, decimal text. */
  readonly sequence: string;
};

/** The model after what came together from the stream: one pass over the tasks, however much it is. */
export function withUpdates(model: RunModel, updates: readonly RunUpdate[]): RunModel {
  const tasks = new TaskList(model.tasks);
  let { run, sequence } = model;
  for (const update of updates) {
    if (update.kind === 'progress') {
      tasks.progress(update.progress);
      continue;
    }
    if (BigInt(update.sequence) <= BigInt(sequence)) continue;
    ({ sequence } = update);
    run = update.event.run ?? run;
    if (update.event.taskRun !== undefined) tasks.put(update.event.taskRun);
  }
  if (!tasks.hasChanged && sequence === model.sequence) return model;
  return { run, tasks: tasks.hasChanged ? tasks.all : model.tasks, sequence };
}

/** A copy of the tasks that is changed by name. */
class TaskList {
  readonly all: TaskRun[];
  hasChanged = false;
  readonly #at: Map<string, number>;

  constructor(tasks: readonly TaskRun[]) {
    this.all = [...tasks];
    this.#at = new Map(tasks.map(({ taskId }, index) => [taskId, index]));
  }

  put(task: TaskRun): void {
    const at = this.#at.get(task.taskId) ?? this.all.length;
    this.#at.set(task.taskId, at);
    this.all[at] = task;
    this.hasChanged = true;
  }

  /** Progress that comes after the end of the task is late and left out. */
  progress({ taskId, ...amounts }: TaskProgress): void {
    const task = this.all[this.#at.get(taskId) ?? -1];
    if (task?.state === 'TASK_STATE_RUNNING') this.put({ ...task, ...amounts });
  }
}
