/** Rows of the control database as messages of the API: the only place where the two meet. */
import { FloeError } from '@floe/errors';
import { formatDataType, parametersAsJson } from '@floe/expression';
import type { DataType, ParameterValue } from '@floe/expression';
import { Run } from '@floe/rpc/contracts';
import type { Attempt, Dataset, Failure, TaskCounts, TaskRun } from '@floe/rpc/contracts';
import { toAttemptState, toRunState, toTaskState, toTriggerKind } from './states.ts';
import type { AttemptRow, TaskRunRow } from './store/read-task-runs.ts';
import type { RunRow } from './store/read-runs.ts';
import type { TaskStateCount } from './store/count-task-states.ts';

export type RunContext = {
  readonly counts: readonly TaskStateCount[];
  readonly jaegerUrl: string;
};

export function toRun(row: RunRow, { counts, jaegerUrl }: RunContext): Run {
  return {
    runId: row.run_id,
    workflowName: row.workflow_name,
    workflowVersion: row.workflow_version,
    state: toRunState(row.state),
    parameters: parametersAsJson(row.parameters as Readonly<Record<string, ParameterValue>>),
    trigger: toTriggerKind(row.trigger),
    createTime: toDate(row.created_at),
    startTime: toDate(row.started_at),
    endTime: toDate(row.ended_at),
    deadlineTime: toDate(row.deadline_at),
    failure: toFailure(row.failure),
    taskCounts: toTaskCounts(counts),
    rowsLoaded: BigInt(counts.reduce((sum, count) => sum + count.rows_loaded, 0)),
    traceId: row.trace_id,
    traceUrl: toTraceUrl(jaegerUrl, row.trace_id),
    sequence: BigInt(row.event_sequence),
    generation: row.generation,
    retryOfRunId: row.retry_of ?? '',
    parentRunId: row.parent_run_id ?? '',
    annotations: textsOf(row.annotations),
    groupId: row.group_id ?? '',
  };
}

/** The run in a stored event, with the link that only reporting knows. */
export function snapshotToRun(snapshot: unknown, jaegerUrl: string): Run {
  const run = Run.fromJSON(snapshot);
  return { ...run, traceUrl: toTraceUrl(jaegerUrl, run.traceId) };
}

function toTraceUrl(jaegerUrl: string, traceId: string): string {
  return jaegerUrl === '' ? '' : `${jaegerUrl.replace(/\/$/, '')}/trace/${traceId}`;
}

export type TaskRunContext = {
  readonly attempts: readonly AttemptRow[];
  readonly upstreamTaskIds: readonly string[];
  /** Why nobody can take it, as long as it is ready. */
  readonly waitingReason: string | undefined;
};

export function toTaskRun(row: TaskRunRow, context: TaskRunContext): TaskRun {
  const attempts = context.attempts.map((attempt) => toAttempt(attempt, row.task_id));
  const running = context.attempts.find((attempt) => attempt.state === 'running');
  const progress = row.state === 'running' && running !== undefined ? running : row;
  return {
    runId: row.run_id,
    taskId: row.task_id,
    type: row.type,
    state: toTaskState(row.state),
    upstreamTaskIds: [...context.upstreamTaskIds],
    attemptCount: row.attempt_count,
    readyTime: toDate(row.ready_at),
    startTime: toDate(row.started_at),
    endTime: toDate(row.ended_at),
    nextAttemptTime: toDate(row.next_attempt_at),
    rows: BigInt(progress.rows),
    rowsUncounted: row.rows_uncounted,
    bytes: BigInt(progress.bytes),
    peakMemoryBytes: BigInt(progress.peak_memory_bytes),
    failure: toFailure(row.failure),
    attempts,
    dataset: toDataset(row.dataset),
    items: row.items ?? undefined,
    answer: toAnswer(row.answer),
    waitingReason: context.waitingReason,
    recomputeCount: row.generation - 1,
    cachedFromRunId: row.known_from ?? '',
  };
}

function toAttempt(row: AttemptRow, taskId: string): Attempt {
  return {
    attemptId: `${row.run_id}/${taskId}/${row.epoch}`,
    number: row.number,
    epoch: BigInt(row.epoch),
    state: toAttemptState(row.state),
    executorId: row.executor_id ?? '',
    readyTime: toDate(row.ready_at),
    claimTime: toDate(row.claimed_at),
    endTime: toDate(row.ended_at),
    failure: toFailure(row.failure),
    rows: BigInt(row.rows),
    bytes: BigInt(row.bytes),
    peakMemoryBytes: BigInt(row.peak_memory_bytes),
  };
}

/** `{code, message, taskId, details, hint}` as the scheduler stores it. */
export function toFailure(value: unknown): Failure | undefined {
  if (value === null || value === undefined) return undefined;
  const failure = objectOf(value);
  return {
    code: textOf(failure['code']),
    message: textOf(failure['message']),
    taskId: textOf(failure['taskId']),
    details: textsOf(failure['details']),
    hint: textOf(failure['hint']),
  };
}

/** `{approved, by, comment, at, form}` as the scheduler stores it. */
function toAnswer(value: unknown): TaskRun['answer'] {
  if (value === null || value === undefined) return undefined;
  const answer = objectOf(value);
  const form = (answer['form'] ?? {}) as Readonly<Record<string, ParameterValue>>;
  return {
    approved: answer['approved'] === true,
    approver: textOf(answer['by']),
    comment: textOf(answer['comment']),
    answerTime: toDate(typeof answer['at'] === 'number' ? answer['at'] : null),
    form: parametersAsJson(form),
  };
}

type StoredColumn = { readonly name: string; readonly type: DataType };

/** `{uri, rows, bytes, schema}` as the executor reported it. */
export function toDataset(value: unknown): Dataset | undefined {
  if (value === null || value === undefined) return undefined;
  const dataset = objectOf(value);
  const schema = (dataset['schema'] ?? []) as readonly StoredColumn[];
  const parts = (dataset['parts'] ?? []) as readonly unknown[];
  return {
    uri: textOf(dataset['uri']),
    rows: integerOf(dataset['rows']),
    bytes: integerOf(dataset['bytes']),
    columns: schema.map(({ name, type }) => ({ name, type: formatDataType(type) })),
    partUris: parts.map((part) => textOf(objectOf(part)['uri'])),
  };
}

function toTaskCounts(counts: readonly TaskStateCount[]): TaskCounts {
  const countOf = (state: string) => counts.find((count) => count.state === state)?.count ?? 0;
  return {
    total: counts.reduce((sum, { count }) => sum + count, 0),
    pending: countOf('pending'),
    ready: countOf('ready'),
    running: countOf('running'),
    retrying: countOf('retrying'),
    succeeded: countOf('succeeded'),
    failed: countOf('failed'),
    cancelled: countOf('cancelled'),
    timedOut: countOf('timed_out'),
    skipped: countOf('skipped'),
    upstreamFailed: countOf('upstream_failed'),
  };
}

export function toDate(instant: number | null): Date | undefined {
  return instant === null ? undefined : new Date(instant);
}

function objectOf(value: unknown): Record<string, unknown> {
  if (typeof value === 'object' && value !== null && !Array.isArray(value)) {
    return value as Record<string, unknown>;
  }
  throw new FloeError('INTERNAL', 'the control database holds JSON that is no object');
}

function textOf(value: unknown): string {
  return typeof value === 'string' ? value : '';
}

function textsOf(value: unknown): Record<string, string> {
  const entries = Object.entries(objectOf(value ?? {}));
  return Object.fromEntries(entries.map(([name, text]) => [name, textOf(text)]));
}

function integerOf(value: unknown): bigint {
  return typeof value === 'number' ? BigInt(Math.trunc(value)) : 0n;
}
