import type { RunReport, TaskReport } from '@floe/rpc/contracts';
import { findCriticalPath } from './critical-path.ts';
import { EXTRACT_TYPES, LOAD_TYPES, SENDING_TYPES } from './task-kinds.ts';
import { toMetric, type MetricRow } from './store/read-metrics.ts';
import { toFailure } from './rows-to-run.ts';
import { toTaskState } from './states.ts';
import type { LastAttemptRow, TaskRunRow } from './store/read-task-runs.ts';
import type { UpstreamTasks } from './upstream-tasks.ts';

export type ReportInput = {
  readonly run: { readonly created_at: number; readonly ended_at: number | null };
  readonly tasks: readonly TaskRunRow[];
  readonly lastAttempts: readonly LastAttemptRow[];
  readonly metrics: readonly MetricRow[];
  readonly upstream: UpstreamTasks;
  readonly now: number;
};

/** What a run did, in numbers; all of a report but the run itself. */
export function buildRunReport(input: ReportInput): Omit<RunReport, 'run'> {
  const { run, tasks, now } = input;
  const attempts = new Map(input.lastAttempts.map((attempt) => [attempt.task_index, attempt]));
  const sum = (value: (task: TaskRunRow) => number) =>
    tasks.reduce((total, task) => total + value(task), 0);
  const rowsOf = (counts: (task: TaskRunRow) => boolean) =>
    BigInt(sum((task) => (counts(task) ? task.rows : 0)));
  return {
    tasks: tasks.map((task) => toTaskReport(task, attempts.get(task.task_index), now)),
    durationMs: BigInt(span(run.created_at, run.ended_at, now)),
    rowsExtracted: rowsOf(isExtract),
    rowsLoaded: rowsOf(({ type }) => LOAD_TYPES.includes(type)),
    bytes: BigInt(sum((task) => (task.dataset === null ? 0 : task.bytes))),
    peakMemoryBytes: BigInt(tasks.reduce((max, task) => Math.max(max, task.peak_memory_bytes), 0)),
    attemptCount: sum((task) => task.attempt_count),
    lostAttemptCount: sum((task) => task.loss_count),
    criticalPathTaskIds: criticalPath(input),
    metrics: input.metrics.map(toMetric),
  };
}

/** What sends rows and keeps no answer has brought none in. */
function isExtract({ type, dataset }: TaskRunRow): boolean {
  return EXTRACT_TYPES.includes(type) && (dataset !== null || !SENDING_TYPES.includes(type));
}

function toTaskReport(
  task: TaskRunRow,
  attempt: LastAttemptRow | undefined,
  now: number,
): TaskReport {
  const claimedAt = attempt?.claimed_at ?? null;
  const endedAt = attempt?.ended_at ?? null;
  // Of many attempts the last tells nothing.
  const ran =
    task.items !== null && attempt !== undefined
      ? span(task.started_at, task.ended_at, now)
      : span(claimedAt, endedAt, now);
  return {
    taskId: task.task_id,
    type: task.type,
    state: toTaskState(task.state),
    attemptCount: task.attempt_count,
    rows: BigInt(task.rows),
    rowsUncounted: task.rows_uncounted,
    bytes: BigInt(task.bytes),
    peakMemoryBytes: BigInt(task.peak_memory_bytes),
    // An attempt that ended unclaimed waited until its end.
    queueMs: BigInt(span(attempt?.ready_at ?? null, claimedAt ?? endedAt, now)),
    runMs: BigInt(ran),
    failure: toFailure(task.failure),
    cachedFromRunId: task.known_from ?? '',
  };
}

function criticalPath({ tasks, upstream, now }: ReportInput): string[] {
  return findCriticalPath(
    tasks.map((task) => ({
      taskId: task.task_id,
      upstreamTaskIds: upstream.get(task.task_id) ?? [],
      endMs: task.started_at === null ? null : (task.ended_at ?? now),
    })),
  );
}

/** From one instant to another, or to now while the other has not come. Clocks of two machines may disagree. */
function span(from: number | null, to: number | null, now: number): number {
  return from === null ? 0 : Math.max(0, (to ?? now) - from);
}
