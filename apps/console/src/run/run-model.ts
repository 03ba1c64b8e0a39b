/**
 * What the page knows of one run.
 *
 * 1. An event is taken once: one that is not newer than the model changes nothing.
 * 2. Tasks keep the order of the workflow; a task that an event brings up first goes to the end.
 * 3. Tasks that did not change keep their identity, so that what shows them need not be drawn again.
 */
import type { Run, RunEvent, TaskProgress, TaskRun } from '@floe/client';

export type RunModel = {
  readonly run: Run;
  readonly tasks: readonly TaskRun[];
  /** Of the newest event that was taken, decimal text. */
  readonly sequence: string;
};

export type NumberedEvent = { readonly sequence: string; readonly event: RunEvent };

/** The model after an event of the stream. */
export function withEvent(model: RunModel, { sequence, event }: NumberedEvent): RunModel {
  if (BigInt(sequence) <= BigInt(model.sequence)) return model;
  const { taskRun } = event;
  return {
    run: event.run ?? model.run,
    tasks: taskRun === undefined ? model.tasks : withTask(model.tasks, taskRun),
    sequence,
  };
}

/** The model after news of how far a task is. Progress that comes after the end of the task is late and left out. */
export function withProgress(model: RunModel, progress: TaskProgress): RunModel {
  const task = model.tasks.find(({ taskId }) => taskId === progress.taskId);
  if (task?.state !== 'TASK_STATE_RUNNING') return model;
  const { rows, bytes } = progress;
  return { ...model, tasks: withTask(model.tasks, { ...task, rows, bytes }) };
}

function withTask(tasks: readonly TaskRun[], changed: TaskRun): readonly TaskRun[] {
  const isKnown = tasks.some(({ taskId }) => taskId === changed.taskId);
  if (!isKnown) return [...tasks, changed];
  return tasks.map((task) => (task.taskId === changed.taskId ? changed : task));
}
