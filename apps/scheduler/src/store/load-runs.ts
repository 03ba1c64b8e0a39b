import type { Selectable } from 'kysely';
import {
  reviveRunState,
  type Cancel,
  type Failure,
  type RunState,
  type RunStatus,
  type StoredTask,
  type TaskStatus,
} from '@floe/engine';
import type { AttemptTable, ControlDatabase, RunTable, TaskRunTable } from '@floe/database';
import type { ParameterValue } from '@floe/expression';
import type { RunPlan, RunRecord, TaskDetail } from '../runs/run-record.ts';

type Reader = Pick<ControlDatabase['db'], 'selectFrom'>;
type RunRow = Selectable<RunTable>;
type TaskRunRow = Selectable<TaskRunTable>;
type AttemptRow = Pick<
  Selectable<AttemptTable>,
  'task_index' | 'epoch' | 'state' | 'executor_id' | 'token_hash' | 'span_id'
>;

/** Reads one run with its tasks and the newest attempt of each; undefined when there is no such run. */
export async function loadRun(
  db: Reader,
  runId: string,
  planOf: (workflowName: string, version: number) => Promise<RunPlan>,
): Promise<RunRecord | undefined> {
  const run = await db.selectFrom('run').selectAll().where('run_id', '=', runId).executeTakeFirst();
  if (run === undefined) return undefined;
  const plan = await planOf(run.workflow_name, run.workflow_version);
  const tasks = await db
    .selectFrom('task_run')
    .selectAll()
    .where('run_id', '=', runId)
    .orderBy('task_index')
    .execute();
  const attempts = await db
    .selectFrom('attempt')
    .select(['task_index', 'epoch', 'state', 'executor_id', 'token_hash', 'span_id'])
    .distinctOn('task_index')
    .where('run_id', '=', runId)
    .orderBy('task_index')
    .orderBy('epoch', 'desc')
    .execute();
  return toRecord({ run, plan, tasks, attempts });
}

type Rows = { run: RunRow; plan: RunPlan; tasks: TaskRunRow[]; attempts: AttemptRow[] };

function toRecord({ run, plan, tasks, attempts }: Rows): RunRecord {
  const newest = new Map(attempts.map((attempt) => [attempt.task_index, attempt]));
  return {
    runId: run.run_id,
    workflowName: run.workflow_name,
    workflowVersion: run.workflow_version,
    generation: run.generation,
    trigger: run.trigger,
    parameters: run.parameters as Record<string, ParameterValue>,
    traceId: run.trace_id,
    spanId: run.span_id,
    traceFlags: run.trace_flags,
    ...(run.link_traceparent !== null && { linkTraceparent: run.link_traceparent }),
    revision: run.revision,
    eventSequence: run.event_sequence,
    plan,
    state: toRunState(run, tasks, plan),
    details: tasks.map((task) => toDetail(task, newest.get(task.task_index))),
  };
}

function toRunState(run: RunRow, rows: readonly TaskRunRow[], plan: RunPlan): RunState {
  const stored = {
    status: run.state as RunStatus,
    createdAt: run.created_at,
    deadlineAt: run.deadline_at,
    ...(run.started_at !== null && { startedAt: run.started_at }),
    ...(run.ended_at !== null && { endedAt: run.ended_at }),
    ...(run.cancel_requested_at !== null && { cancel: toCancel(run, run.cancel_requested_at) }),
    ...(run.failure !== null && { failure: run.failure as Failure }),
  };
  return reviveRunState(plan.graph, stored, rows.map(toStoredTask));
}

/** A cancel at or after the deadline of the run is the run's own timeout. */
function toCancel(run: RunRow, at: number): Cancel {
  const cause = at >= run.deadline_at ? 'timeout' : 'request';
  return { at, cause, reason: run.cancel_reason ?? '' };
}

function toStoredTask(row: TaskRunRow): StoredTask {
  return {
    status: row.state as TaskStatus,
    epoch: row.epoch,
    attempts: row.attempt_count,
    losses: row.loss_count,
    ...(row.ready_at !== null && { readyAt: row.ready_at }),
    ...(row.started_at !== null && { startedAt: row.started_at }),
    ...(row.ended_at !== null && { endedAt: row.ended_at }),
    ...(row.next_attempt_at !== null && { nextAttemptAt: row.next_attempt_at }),
    ...(row.state_deadline_at !== null && { deadlineAt: row.state_deadline_at }),
    ...(row.failure !== null && { failure: row.failure as Failure }),
  };
}

const ENDED = new Set(['succeeded', 'failed', 'cancelled', 'timed_out', 'lost']);

function toDetail(row: TaskRunRow, attempt: AttemptRow | undefined): TaskDetail {
  const tokenHash = attempt?.token_hash ?? undefined;
  const hasEnded = attempt !== undefined && ENDED.has(attempt.state);
  return {
    spanId: row.span_id,
    rows: row.rows,
    bytes: row.bytes,
    peakMemoryBytes: row.peak_memory_bytes,
    ...(row.dataset !== null && { dataset: row.dataset }),
    ...(attempt?.executor_id != null && { executorId: attempt.executor_id }),
    ...(tokenHash !== undefined && { tokenHash }),
    ...(attempt !== undefined && { attemptSpanId: attempt.span_id }),
    ...(hasEnded && {
      lastEnd: {
        epoch: attempt.epoch,
        end: attempt.state as NonNullable<TaskDetail['lastEnd']>['end'],
        ...(tokenHash !== undefined && { tokenHash }),
      },
    }),
  };
}
