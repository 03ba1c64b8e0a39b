export const RUN_STATUSES = [
  'queued',
  'running',
  'paused',
  'cancelling',
  'succeeded',
  'failed',
  'cancelled',
  'timed_out',
] as const;

export type RunStatus = (typeof RUN_STATUSES)[number];

export const TASK_STATUSES = [
  'pending',
  'ready',
  'running',
  'retrying',
  'succeeded',
  'failed',
  'cancelled',
  'timed_out',
  'skipped',
  'upstream_failed',
] as const;

export type TaskStatus = (typeof TASK_STATUSES)[number];

/** How many tasks are in which state. */
export type StatusCounts = Readonly<Record<TaskStatus, number>>;

const TERMINAL_RUN: ReadonlySet<RunStatus> = new Set([
  'succeeded',
  'failed',
  'cancelled',
  'timed_out',
]);
const TERMINAL_TASK: ReadonlySet<TaskStatus> = new Set([
  'succeeded',
  'failed',
  'cancelled',
  'timed_out',
  'skipped',
  'upstream_failed',
]);

export function isRunEnded(status: RunStatus): boolean {
  return TERMINAL_RUN.has(status);
}

export function isTaskEnded(status: TaskStatus): boolean {
  return TERMINAL_TASK.has(status);
}

/** Ended otherwise than well, or than by a condition that said it is not needed. */
export function isTaskFailed(status: TaskStatus): boolean {
  return isTaskEnded(status) && status !== 'succeeded' && status !== 'skipped';
}

export function countStatuses(tasks: readonly { readonly status: TaskStatus }[]): StatusCounts {
  const counts = Object.fromEntries(TASK_STATUSES.map((status) => [status, 0]));
  for (const { status } of tasks) counts[status]! += 1;
  return counts as StatusCounts;
}

/** Tasks that have not ended. */
export function unendedCount(counts: StatusCounts): number {
  return counts.pending + counts.ready + counts.running + counts.retrying;
}
