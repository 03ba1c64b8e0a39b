import type { Selectable } from 'kysely';
import type { AttemptTable, RunTable, TaskRunTable } from '@floe/database';
import { ATTRIBUTE, parseTraceparent, type FinishedSpan } from '@floe/telemetry';
import type { Failure } from '@floe/engine';

type RunRow = Selectable<RunTable>;
type TaskRow = Selectable<TaskRunTable>;
type AttemptRow = Selectable<AttemptTable>;

export type RunRows = {
  readonly run: RunRow;
  readonly tasks: readonly TaskRow[];
  readonly attempts: readonly AttemptRow[];
};

/**
 * The spans of a run: `run` is a root in the trace of the request that started it (and links to that request, which
 * was over long before), each `task` is its child, each `attempt` a child of its task and linked to the one before.
 */
export function runSpans(rows: RunRows): FinishedSpan[] {
  const attempts = Map.groupBy(rows.attempts, (attempt) => attempt.task_index);
  return [
    runSpan(rows),
    ...rows.tasks.flatMap((task) => [
      taskSpan(rows.run, task),
      ...attemptSpans(rows.run, task, attempts.get(task.task_index) ?? []),
    ]),
  ];
}

function runSpan({ run }: RunRows): FinishedSpan {
  const link = parseTraceparent(run.link_traceparent ?? undefined);
  return {
    name: `run ${run.workflow_name}`,
    kind: 'internal',
    ...inTrace(run, run.span_id),
    startMs: run.created_at,
    endMs: run.ended_at ?? run.created_at,
    attributes: {
      ...runAttributes(run),
      [ATTRIBUTE.workflowVersion]: run.workflow_version,
      [ATTRIBUTE.state]: run.state,
    },
    events: runEvents(run),
    ...(link !== undefined && { links: [{ traceId: link.traceId, spanId: link.spanId }] }),
    status: statusOf(run.state, run.failure),
  };
}

/** The moments of a run that subscribers heard of, as its row tells them. */
function runEvents(run: RunRow): FinishedSpan['events'] {
  const moments: readonly (readonly [string, number | null])[] = [
    ['run.queued', run.created_at],
    ['run.started', run.started_at],
    ['run.cancelling', run.cancel_requested_at],
    [`run.${run.state}`, run.ended_at],
  ];
  return moments.flatMap(([name, atMs]) => (atMs === null ? [] : [{ name, atMs }]));
}

function taskSpan(run: RunRow, task: TaskRow): FinishedSpan {
  const endMs = task.ended_at ?? run.ended_at ?? run.created_at;
  return {
    name: `task ${task.task_id}`,
    kind: 'internal',
    ...inTrace(run, task.span_id),
    parentSpanId: run.span_id,
    // Retries set ready_at anew; the span begins when the task first became ready or ran.
    startMs: Math.min(task.started_at ?? endMs, task.ready_at ?? endMs),
    endMs,
    attributes: {
      ...runAttributes(run),
      [ATTRIBUTE.taskId]: task.task_id,
      [ATTRIBUTE.taskType]: task.type,
      [ATTRIBUTE.state]: task.state,
      [ATTRIBUTE.attempt]: task.attempt_count,
      [ATTRIBUTE.rows]: task.rows,
      [ATTRIBUTE.bytes]: task.bytes,
      ...(task.known_from !== null && { [ATTRIBUTE.cachedFrom]: task.known_from }),
    },
    status: statusOf(task.state, task.failure),
  };
}

function attemptSpans(run: RunRow, task: TaskRow, attempts: readonly AttemptRow[]): FinishedSpan[] {
  const claimed = attempts.filter((attempt) => attempt.claimed_at !== null);
  return claimed.map((attempt, index) => {
    const previous = claimed[index - 1];
    const startMs = attempt.claimed_at ?? attempt.ready_at;
    return {
      name: `attempt ${task.task_id}`,
      kind: 'internal',
      ...inTrace(run, attempt.span_id),
      parentSpanId: task.span_id,
      startMs,
      endMs: attempt.ended_at ?? run.ended_at ?? startMs,
      attributes: {
        ...runAttributes(run),
        [ATTRIBUTE.taskId]: task.task_id,
        [ATTRIBUTE.attempt]: attempt.number,
        [ATTRIBUTE.epoch]: attempt.epoch,
        [ATTRIBUTE.state]: attempt.state,
        [ATTRIBUTE.executorId]: attempt.executor_id ?? '',
        [ATTRIBUTE.rows]: attempt.rows,
        [ATTRIBUTE.bytes]: attempt.bytes,
      },
      ...(previous !== undefined && {
        links: [{ traceId: run.trace_id, spanId: previous.span_id }],
      }),
      status: statusOf(attempt.state, attempt.failure),
    };
  });
}

function inTrace(
  run: RunRow,
  spanId: string,
): Pick<FinishedSpan, 'traceId' | 'spanId' | 'traceFlags'> {
  return { traceId: run.trace_id, spanId, traceFlags: run.trace_flags };
}

function runAttributes(run: RunRow): Record<string, string> {
  return { [ATTRIBUTE.runId]: run.run_id, [ATTRIBUTE.workflowName]: run.workflow_name };
}

function statusOf(state: string, failure: unknown): NonNullable<FinishedSpan['status']> {
  if (state === 'succeeded') return { code: 'ok' };
  const { code, message } = (failure ?? {}) as Partial<Failure>;
  return code === undefined ? { code: 'error' } : { code: 'error', message: `${code}: ${message}` };
}
