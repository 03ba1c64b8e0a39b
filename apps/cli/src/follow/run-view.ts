import type { Run, RunProgress, RunUpdate, TaskProgress, TaskRun } from '@floe/client';
import { hasTaskEnded } from '../render/states.ts';
import type { Questions } from './questions.ts';

/** What is known of a run while it is followed: the newest of everything, tasks in the order of the workflow. */
export type RunView = RunProgress & {
  /** What the approvals of the workflow ask, by their tasks. */
  readonly questions?: Questions;
};

export function viewRun(run: Run, taskRuns: readonly TaskRun[]): RunView {
  return { run, tasks: new Map(taskRuns.map((taskRun) => [taskRun.taskId, taskRun])) };
}

/** The view after an update. Pure; events come in order, progress may be late and then changes nothing. */
export function applyUpdate(view: RunView, update: RunUpdate): RunView {
  if (update.kind === 'progress') return applyProgress(view, update.progress);
  const { run = view.run, taskRun } = update.event;
  if (taskRun === undefined) return { ...view, run };
  return { ...view, run, tasks: new Map(view.tasks).set(taskRun.taskId, taskRun) };
}

function applyProgress(view: RunView, { taskId, ...amounts }: TaskProgress): RunView {
  const taskRun = view.tasks.get(taskId);
  if (taskRun === undefined || hasTaskEnded(taskRun.state)) return view;
  return { ...view, tasks: new Map(view.tasks).set(taskId, { ...taskRun, ...amounts }) };
}

/** How long a task has been running, or ran; undefined before its start. */
export function elapsedMs(
  { startTime, endTime }: { readonly startTime?: string; readonly endTime?: string },
  now: number,
): number | undefined {
  if (startTime === undefined) return undefined;
  const end = endTime === undefined ? now : Date.parse(endTime);
  return Math.max(0, end - Date.parse(startTime));
}

/** How many of its tasks have ended. */
export function endedTasks({ tasks }: RunView): number {
  return [...tasks.values()].filter(({ state }) => hasTaskEnded(state)).length;
}
