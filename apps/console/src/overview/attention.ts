/**
 * What of all that goes on needs a person.
 *
 * 1. A failure needs nobody any more once a later run of the same workflow has succeeded.
 * 2. A schedule is late when its next instant is over for longer than it takes to decide it.
 */
import type { Run, Schedule, TaskRun } from '@floe/client';

/** A task with the workflow that it is of. */
export type OpenTask = { readonly task: TaskRun; readonly workflowName: string };

export type Attention =
  | { readonly kind: 'failed'; readonly run: Run; readonly sinceThen: number }
  | (OpenTask & { readonly kind: 'waiting'; readonly reason: string })
  | (OpenTask & { readonly kind: 'approval' })
  | { readonly kind: 'late'; readonly schedule: Schedule; readonly lateMs: number };

// Schedulers decide a slot within seconds; a minute says that nobody does.
const LATE_MS = 60_000;

const BAD: ReadonlySet<string> = new Set(['RUN_STATE_FAILED', 'RUN_STATE_TIMED_OUT']);

/** The newest failure of every workflow that nothing has made up for; `runs` are newest first. */
export function openFailures(runs: readonly Run[]): readonly Attention[] {
  const byWorkflow = Map.groupBy(runs, ({ workflowName }) => workflowName);
  return [...byWorkflow.values()].flatMap((ofOne) => {
    const good = ofOne.findIndex(({ state }) => state === 'RUN_STATE_SUCCEEDED');
    const open = ofOne.slice(0, good === -1 ? undefined : good).filter(isBad);
    const [run] = open;
    return run === undefined ? [] : [{ kind: 'failed', run, sinceThen: open.length } as const];
  });
}

function isBad({ state }: Run): boolean {
  return BAD.has(state);
}

/** Tasks that no executor can take, and those that wait for an answer. */
export function waitingTasks(tasks: readonly OpenTask[]): readonly Attention[] {
  return tasks.flatMap((open): readonly Attention[] => {
    const { waitingReason: reason = '' } = open.task;
    if (reason !== '') return [{ ...open, kind: 'waiting', reason }];
    return isOpenApproval(open.task) ? [{ ...open, kind: 'approval' }] : [];
  });
}

/** Whether a person is asked, and has not answered. */
export function isOpenApproval({ type, state, answer }: TaskRun): boolean {
  const isOpen = state === 'TASK_STATE_READY' || state === 'TASK_STATE_RUNNING';
  return type === 'approval' && isOpen && answer === undefined;
}

export function lateSchedules(schedules: readonly Schedule[], nowMs: number): readonly Attention[] {
  return schedules.flatMap((schedule) => {
    if (schedule.paused || schedule.nextFireTime === undefined) return [];
    const lateMs = nowMs - Date.parse(schedule.nextFireTime);
    return lateMs > LATE_MS ? [{ kind: 'late', schedule, lateMs } as const] : [];
  });
}
