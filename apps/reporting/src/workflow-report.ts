import type {
  FailureCount,
  Percentiles,
  TaskStatistics,
  WorkflowReport,
} from '@floe/rpc/contracts';
import { percentile, percentilesOf } from './percentile.ts';
import { toFailure } from './rows-to-run.ts';
import type { RunAmounts, TaskSummary } from './store/summarise-tasks.ts';
import { durationOf, trendOf, type TrendRun } from './trend.ts';

// The reasons that people read; behind them is the list of runs.
const FAILURES_MAX = 20;

export type ReportedRun = {
  readonly run_id: string;
  readonly state: string;
  readonly created_at: number;
  readonly ended_at: number | null;
  readonly failure: unknown;
};

export type WorkflowNumbers = {
  /** Newest first. */
  readonly runs: readonly ReportedRun[];
  readonly amounts: readonly RunAmounts[];
  readonly tasks: readonly TaskSummary[];
  readonly stepMs: number;
};

/** All of a report that follows from the rows of its runs. */
export function buildWorkflowReport({
  runs,
  amounts,
  tasks,
  stepMs,
}: WorkflowNumbers): Omit<
  WorkflowReport,
  'workflowName' | 'recentRuns' | 'fromTime' | 'toTime' | 'truncated'
> {
  const amountsOf = new Map(amounts.map((row) => [row.run_id, row]));
  const trendRuns = runs.map((run) => toTrendRun(run, amountsOf.get(run.run_id)));
  const durations = trendRuns.flatMap(durationOf);
  const count = (...states: readonly string[]) =>
    BigInt(runs.filter(({ state }) => states.includes(state)).length);
  const sum = (of: (row: RunAmounts) => number) =>
    BigInt(amounts.reduce((total, row) => total + of(row), 0));
  return {
    runCount: BigInt(runs.length),
    failedCount: count('failed', 'timed_out'),
    succeededCount: count('succeeded'),
    cancelledCount: count('cancelled'),
    durationP50Ms: BigInt(percentile(durations, 0.5)),
    durationP95Ms: BigInt(percentile(durations, 0.95)),
    durationMs: percentilesOf(durations),
    queueMs: percentilesOf(tasks.flatMap(({ queues }) => queues ?? [])),
    rowsExtracted: sum((row) => row.rows_extracted),
    rowsLoaded: sum((row) => row.rows_loaded),
    bytes: sum((row) => row.bytes),
    peakMemoryBytes: BigInt(Math.max(0, ...amounts.map((row) => row.peak_memory_bytes))),
    trend: trendOf(trendRuns, stepMs),
    slowestTasks: tasks.map(toStatistics),
    failures: failuresOf(runs),
  };
}

function toTrendRun(run: ReportedRun, amounts: RunAmounts | undefined): TrendRun {
  const { state, created_at: createdAt, ended_at: endedAt } = run;
  return { state, createdAt, endedAt, rowsLoaded: amounts?.rows_loaded ?? 0 };
}

function toStatistics(row: TaskSummary): TaskStatistics {
  const percentiles = (values: readonly number[] | null): Percentiles =>
    percentilesOf(values ?? []);
  return {
    taskId: row.task_id,
    type: row.type,
    runCount: BigInt(row.run_count),
    failedCount: BigInt(row.failed_count),
    durationMs: percentiles(row.durations),
    queueMs: percentiles(row.queues),
    rows: BigInt(row.rows),
    bytes: BigInt(row.bytes),
    peakMemoryBytes: BigInt(row.peak_memory_bytes),
    attemptCount: BigInt(row.attempt_count),
  };
}

/** Runs come newest first, so the first of a reason is its newest. */
function failuresOf(runs: readonly ReportedRun[]): FailureCount[] {
  const told = runs.flatMap((run) => {
    const failure = toFailure(run.failure);
    return failure === undefined ? [] : [{ runId: run.run_id, ...failure }];
  });
  const groups = Map.groupBy(told, ({ code, taskId }) => JSON.stringify([code, taskId]));
  return [...groups.values()]
    .map(([newest, ...others]) => ({
      code: newest!.code,
      taskId: newest!.taskId,
      count: BigInt(1 + others.length),
      runId: newest!.runId,
      message: newest!.message,
    }))
    .toSorted((a, b) => Number(b.count - a.count))
    .slice(0, FAILURES_MAX);
}
