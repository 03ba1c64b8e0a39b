import type { Selectable } from 'kysely';
import {
  reviveRunState,
  type AttemptEnd,
  type Cancel,
  type Failure,
  type RunState,
  type RunStatus,
  type StoredTask,
  type TaskStatus,
} from '@floe/engine';
import type { AttemptTable, ControlDatabase, RunTable, TaskRunTable } from '@floe/database';
import type { ParameterValue } from '@floe/expression';
import {
  countRowsLoaded,
  type Holder,
  type PlanOf,
  type RunPlan,
  type RunRecord,
  type StoredAnswer,
  type TaskDetail,
} from '@floe/scheduling';

type Reader = Pick<ControlDatabase, 'query'>;
type RunRow = Selectable<RunTable>;
type TaskRunRow = Selectable<TaskRunTable>;
type AttemptRow = Pick<
  Selectable<AttemptTable>,
  'task_index' | 'epoch' | 'state' | 'executor_id' | 'token_hash' | 'span_id'
>;

const READ_RUN = {
  name: 'scheduler.read_run',
  text: `/* scheduler.read_run */ select * from run where run_id = $1`,
};

const READ_TASKS = {
  name: 'scheduler.read_tasks',
  text: `/* scheduler.read_tasks */ select * from task_run where run_id = $1 order by task_index`,
};

const READ_NEWEST_ATTEMPTS = {
  name: 'scheduler.read_newest_attempts',
  text: `/* scheduler.read_newest_attempts */
    select distinct on (task_index) task_index, epoch, state, executor_id, token_hash, span_id
    from attempt where run_id = $1 order by task_index, epoch desc`,
};

const READ_HOLDERS = {
  name: 'scheduler.read_holders',
  text: `/* scheduler.read_holders */
    select task_index, epoch, executor_id, token_hash, span_id
    from attempt where run_id = $1 and lease_until is not null`,
};

/** Reads one run with its tasks and the newest attempt of each; undefined when there is no such run. */
export async function loadRun(
  { query }: Reader,
  runId: string,
  planOf: PlanOf,
): Promise<RunRecord | undefined> {
  const [run] = await query<RunRow>(READ_RUN, [runId]);
  if (run === undefined) return undefined;
  const plan = await planOf(run.workflow_name, run.workflow_version);
  const tasks = await query<TaskRunRow>(READ_TASKS, [runId]);
  const attempts = await query<AttemptRow>(READ_NEWEST_ATTEMPTS, [runId]);
  const hasItems = plan.graph.tasks.some(({ work }) => work.kind === 'items');
  const held = hasItems ? await query<HolderRow>(READ_HOLDERS, [runId]) : [];
  return toRecord({ run, plan, tasks, attempts, held });
}

type HolderRow = Pick<
  Selectable<AttemptTable>,
  'task_index' | 'epoch' | 'executor_id' | 'token_hash' | 'span_id'
>;

type Rows = {
  run: RunRow;
  plan: RunPlan;
  tasks: TaskRunRow[];
  attempts: AttemptRow[];
  held: HolderRow[];
};

function toRecord({ run, plan, tasks, attempts, held }: Rows): RunRecord {
  const newest = new Map(attempts.map((attempt) => [attempt.task_index, attempt]));
  const holders = Map.groupBy(held, (attempt) => attempt.task_index);
  const details = tasks.map((task, index): TaskDetail => {
    const detail = toDetail(task, newest.get(task.task_index));
    if (plan.graph.tasks[index]!.work.kind !== 'items') return detail;
    return { ...withoutHolder(detail), holders: toHolders(holders.get(index) ?? []) };
  });
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
    ...(run.retry_of !== null && { retryOf: run.retry_of }),
    ...parentOf(run),
    depth: run.depth,
    ...(run.ignores_known && { ignoresKnown: true }),
    ...callerFacts(run),
    revision: run.revision,
    eventSequence: run.event_sequence,
    plan,
    state: toRunState(run, tasks, plan),
    details,
    rowsLoaded: countRowsLoaded(plan, details),
  };
}

/** What the caller of a run has said about it. */
function callerFacts(run: RunRow): Pick<RunRecord, 'annotations' | 'groupId' | 'isExclusive'> {
  return {
    ...(run.annotations !== null && { annotations: run.annotations as Record<string, string> }),
    ...(run.group_id !== null && { groupId: run.group_id }),
    ...(run.is_exclusive && { isExclusive: true }),
  };
}

function parentOf(run: RunRow): Pick<RunRecord, 'parent'> {
  const { parent_run_id: runId, parent_task_index: task, parent_epoch: epoch } = run;
  return runId === null || task === null || epoch === null
    ? {}
    : { parent: { runId, task, epoch } };
}

function toHolders(held: readonly HolderRow[]): NonNullable<TaskDetail['holders']> {
  const holders = held.map(({ epoch, executor_id, token_hash, span_id }): [number, Holder] => [
    epoch,
    { executorId: executor_id ?? '', tokenHash: token_hash ?? '', attemptSpanId: span_id },
  ]);
  return Object.fromEntries(holders);
}

/** The attempts of a task with items have holders each of its own. */
function withoutHolder(detail: TaskDetail): TaskDetail {
  return { ...detail, tokenHash: undefined, attemptSpanId: undefined };
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
    parameters: run.parameters as Record<string, ParameterValue>,
  };
  return reviveRunState(plan.graph, stored, rows.map(toStoredTask));
}

/** Of a cancel that an earlier version stored: at or after the deadline of the run it is the run's own timeout. */
function toCancel(run: RunRow, at: number): Cancel {
  if (run.cancel !== null) return run.cancel as Cancel;
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
    ...(hasRows(row) && { rows: row.rows }),
    ...(row.generation > 1 && { generation: row.generation }),
    ...(row.extra as Partial<StoredTask> | null),
  };
}

/** Rows count once they are there: of a task with items as its items end. */
function hasRows({ state, extra }: TaskRunRow): boolean {
  return state === 'succeeded' || (extra as Partial<StoredTask> | null)?.items !== undefined;
}

/** A task that became ready again has an attempt that ended, and none that anybody holds. */
function toDetail(row: TaskRunRow, attempt: AttemptRow | undefined): TaskDetail {
  const held = attempt?.epoch === row.epoch ? attempt : undefined;
  return {
    spanId: row.span_id,
    rows: row.rows,
    bytes: row.bytes,
    peakMemoryBytes: row.peak_memory_bytes,
    ...(row.dataset !== null && { dataset: row.dataset }),
    ...(row.answer !== null && { answer: row.answer as StoredAnswer }),
    ...(row.known_from !== null && { knownFrom: row.known_from }),
    ...(held !== undefined && {
      executorId: held.executor_id ?? undefined,
      tokenHash: held.token_hash ?? undefined,
      attemptSpanId: held.span_id,
    }),
    ...lastEndOf(attempt),
  };
}

function lastEndOf(attempt: AttemptRow | undefined): Pick<TaskDetail, 'lastEnd'> {
  if (attempt === undefined || attempt.state === 'running' || attempt.token_hash === null)
    return {};
  const { epoch, state, token_hash: tokenHash } = attempt;
  return { lastEnd: { epoch, end: state as AttemptEnd, tokenHash } };
}
