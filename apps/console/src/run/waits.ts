import type { TaskRun } from '@floe/client';
import { isOpenApproval } from '../overview/attention.ts';

/** Something that a run waits for and that is not the work of an executor. */
export type Wait = {
  /** One of the tasks that wait for it. */
  readonly taskId: string;
  readonly othersCount: number;
  readonly kind: 'answer' | 'executor' | 'retry';
  /** Why no executor takes it; empty for the other kinds. */
  readonly reason: string;
  /** When it is tried again. */
  readonly until: string | undefined;
};

/** What a run waits for: tasks with the same reason together, people first, for they can do something about it. */
export function waitsOf(tasks: readonly TaskRun[]): readonly Wait[] {
  const byReason = new Map<string, Wait>();
  for (const task of tasks) {
    const wait = waitOf(task);
    if (wait === undefined) continue;
    // Each question is one of its own.
    const key = wait.kind === 'answer' ? `answer ${task.taskId}` : `${wait.kind} ${wait.reason}`;
    const first = byReason.get(key);
    byReason.set(key, first === undefined ? wait : together(first, wait));
  }
  const rank = { answer: 0, executor: 1, retry: 2 };
  return [...byReason.values()].toSorted((one, other) => rank[one.kind] - rank[other.kind]);
}

/** The one that is tried first stands for all that are tried again. */
function together(one: Wait, other: Wait): Wait {
  const first = (other.until ?? '') < (one.until ?? '') ? other : one;
  return { ...first, othersCount: one.othersCount + 1 };
}

function waitOf(task: TaskRun): Wait | undefined {
  const { taskId, state, waitingReason, nextAttemptTime } = task;
  const wait = { taskId, othersCount: 0, reason: '', until: undefined };
  if (isOpenApproval(task)) return { ...wait, kind: 'answer' };
  if (waitingReason !== undefined) return { ...wait, kind: 'executor', reason: waitingReason };
  if (state !== 'TASK_STATE_RETRYING' || nextAttemptTime === undefined) return undefined;
  return { ...wait, kind: 'retry', until: nextAttemptTime };
}
