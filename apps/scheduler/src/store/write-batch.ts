import { wakeAt, type RunState, type TaskState } from '@floe/engine';
import type { ControlSession } from '@floe/database';
import {
  isOffered,
  labelsOfTask,
  laneOfTask,
  lastSequence,
  placeOfTask,
  priorityWithin,
  rankAt,
  type AttemptEndRow,
  type Batch,
  type ClaimRow,
  type EventBatch,
  type OutboxRow,
  type RunRecord,
} from '@floe/scheduling';
import { RELEASES, releasedBy } from './exclusive-runs.ts';
import { byKey, RESULTS } from './results.ts';
import { fill, instantOf, joinParts, jsonOf, type Column, type Part } from './columns.ts';

/**
 * Writes everything that a batch of decisions changed in one statement, and commits. Gives the ids of the outbox rows, in
 * order.
 */
export async function writeBatch(session: ControlSession, batch: Batch): Promise<number[]> {
  const known = batch.runs.filter(({ isNew }) => !isNew);
  const fresh = batch.runs.filter(({ isNew }) => isNew);
  const joined = joinParts('scheduler.write', [
    fill(
      RUNS,
      batch.runs.map(({ record }) => record),
    ),
    fill(
      NEW_TASKS,
      fresh.flatMap(({ record }) => record.details.map((_, task) => ({ record, task }))),
    ),
    fill(
      TASKS,
      known.flatMap(({ record, tasks }) => tasks.map((task) => ({ record, task }))),
    ),
    ...attemptParts(batch),
    fill(EVENTS, batch.events),
    // In the order of their keys, so that no two transactions wait for each other.
    fill(RESULTS, batch.results.toSorted(byKey)),
    fill(RELEASES, releasedBy(batch)),
    fill(OUTBOX, batch.outbox),
  ]);
  if (joined === undefined) return [];
  const rows = await session.commit<{ id: number }>(joined.statement, joined.values);
  return batch.outbox.length === 0 ? [] : rows.map(({ id }) => id);
}

/** What begins and ends in one batch is one insert: an update of the same statement would not see the row. */
function attemptParts({ claims, ends }: Batch) {
  const ended = new Map(ends.map((end) => [attemptKey(end), end]));
  const rows = claims.map((claim) => ({ claim, end: ended.get(attemptKey(claim)) }));
  const fresh = new Set(claims.map(attemptKey));
  return [
    fill(CLAIMS, rows),
    fill(
      ENDS,
      ends.filter((end) => !fresh.has(attemptKey(end))),
    ),
  ];
}

type AttemptName = Pick<ClaimRow, 'runId' | 'task' | 'epoch'>;

function attemptKey({ runId, task, epoch }: AttemptName): string {
  return `${runId}/${task}/${epoch}`;
}

const RUNS: Part<RunRecord> = {
  name: 'runs',
  columns: [
    { name: 'run_id', type: 'uuid', of: (run) => run.runId },
    { name: 'state', type: 'text', of: ({ state }) => state.status },
    { name: 'failure', type: 'jsonb', of: ({ state }) => jsonOf(state.failure) },
    { name: 'cancel_reason', type: 'text', of: ({ state }) => state.cancel?.reason ?? null },
    { name: 'event_sequence', type: 'bigint', of: (run) => run.eventSequence },
    { name: 'started_at', type: 'float8', of: ({ state }) => state.startedAt ?? null },
    { name: 'ended_at', type: 'float8', of: ({ state }) => state.endedAt ?? null },
    { name: 'cancel_requested_at', type: 'float8', of: ({ state }) => state.cancel?.at ?? null },
    { name: 'cancel', type: 'jsonb', of: ({ state }) => jsonOf(state.cancel) },
    { name: 'wake_at', type: 'float8', of: ({ state }) => wakeAt(state) ?? null },
  ],
  sql: (source) => `
    update run r set
      state = x.state, failure = x.failure, cancel_reason = x.cancel_reason, revision = r.revision + 1,
      event_sequence = x.event_sequence, started_at = ${instantOf('started_at')}, ended_at = ${instantOf('ended_at')},
      cancel_requested_at = ${instantOf('cancel_requested_at')}, cancel = x.cancel, wake_at = ${instantOf('wake_at')}
    from ${source}
    where r.run_id = x.run_id`,
};

type TaskOf = { readonly record: RunRecord; readonly task: number };

/** What changes about a task run. */
const TASK_COLUMNS: readonly Column<TaskOf>[] = [
  { name: 'run_id', type: 'uuid', of: ({ record }) => record.runId },
  { name: 'task_index', type: 'int', of: ({ task }) => task },
  { name: 'state', type: 'text', of: (row) => stateOf(row).status },
  { name: 'epoch', type: 'bigint', of: (row) => stateOf(row).epoch },
  { name: 'attempt_count', type: 'int', of: (row) => stateOf(row).attempts },
  { name: 'loss_count', type: 'int', of: (row) => stateOf(row).losses },
  { name: 'ready_at', type: 'float8', of: (row) => stateOf(row).readyAt ?? null },
  { name: 'started_at', type: 'float8', of: (row) => stateOf(row).startedAt ?? null },
  { name: 'ended_at', type: 'float8', of: (row) => stateOf(row).endedAt ?? null },
  { name: 'next_attempt_at', type: 'float8', of: (row) => stateOf(row).nextAttemptAt ?? null },
  { name: 'state_deadline_at', type: 'float8', of: (row) => stateOf(row).deadlineAt ?? null },
  { name: 'rank_at', type: 'bigint', of: (row) => rankOf(row) },
  { name: 'lane', type: 'text', of: ({ record, task }) => laneOfTask(record, task) },
  { name: 'rows', type: 'bigint', of: ({ record, task }) => record.details[task]!.rows },
  { name: 'bytes', type: 'bigint', of: ({ record, task }) => record.details[task]!.bytes },
  {
    name: 'peak_memory_bytes',
    type: 'bigint',
    of: ({ record, task }) => record.details[task]!.peakMemoryBytes,
  },
  {
    name: 'dataset',
    type: 'jsonb',
    of: ({ record, task }) => jsonOf(record.details[task]!.dataset),
  },
  { name: 'failure', type: 'jsonb', of: (row) => jsonOf(stateOf(row).failure) },
  { name: 'extra', type: 'jsonb', of: (row) => jsonOf(extraOf(stateOf(row))) },
  { name: 'answer', type: 'jsonb', of: ({ record, task }) => jsonOf(record.details[task]!.answer) },
  { name: 'generation', type: 'int', of: (row) => stateOf(row).generation ?? 1 },
  {
    name: 'known_from',
    type: 'uuid',
    of: ({ record, task }) => record.details[task]!.knownFrom ?? null,
  },
];

const TASKS: Part<TaskOf> = {
  name: 'tasks',
  columns: TASK_COLUMNS,
  sql: (source) => `
    update task_run t set
      state = x.state, epoch = x.epoch, attempt_count = x.attempt_count, loss_count = x.loss_count,
      ready_at = ${instantOf('ready_at')}, started_at = ${instantOf('started_at')}, ended_at = ${instantOf('ended_at')},
      next_attempt_at = ${instantOf('next_attempt_at')}, state_deadline_at = ${instantOf('state_deadline_at')},
      rank_at = x.rank_at, lane = x.lane, rows = x.rows, bytes = x.bytes, peak_memory_bytes = x.peak_memory_bytes,
      dataset = x.dataset, failure = x.failure, extra = x.extra, answer = x.answer, generation = x.generation,
      known_from = x.known_from
    from ${source}
    where t.run_id = x.run_id and t.task_index = x.task_index`,
};

const NEW_TASKS: Part<TaskOf> = {
  name: 'new_tasks',
  columns: [
    ...TASK_COLUMNS,
    {
      name: 'task_id',
      type: 'text',
      of: ({ record, task }) => record.plan.workflow.tasks[task]!.id,
    },
    {
      name: 'type',
      type: 'text',
      of: ({ record, task }) => record.plan.workflow.tasks[task]!.type,
    },
    { name: 'span_id', type: 'text', of: ({ record, task }) => record.details[task]!.spanId },
    {
      name: 'pool',
      type: 'text',
      of: ({ record, task }) => record.plan.workflow.tasks[task]!.pool,
    },
    { name: 'labels', type: 'text', of: (row) => labelsOf(row) },
    { name: 'place_key', type: 'text', of: (row) => waitingPlaceOf(row)?.key ?? null },
    { name: 'place_limit', type: 'int', of: (row) => waitingPlaceOf(row)?.limit ?? null },
  ],
  sql: (source) => `
    insert into task_run (run_id, task_index, task_id, type, state, epoch, attempt_count, loss_count, ready_at,
      started_at, ended_at, next_attempt_at, state_deadline_at, rank_at, rows, bytes, peak_memory_bytes, dataset,
      failure, extra, answer, generation, known_from, span_id, pool, lane, labels, place_key, place_limit)
    select x.run_id, x.task_index, x.task_id, x.type, x.state, x.epoch, x.attempt_count, x.loss_count,
      ${instantOf('ready_at')}, ${instantOf('started_at')}, ${instantOf('ended_at')}, ${instantOf('next_attempt_at')},
      ${instantOf('state_deadline_at')}, x.rank_at, x.rows, x.bytes, x.peak_memory_bytes, x.dataset, x.failure,
      x.extra, x.answer, x.generation, x.known_from, x.span_id, x.pool, x.lane, string_to_array(x.labels, ','), x.place_key, x.place_limit
    from ${source}`,
};

type NewAttempt = { readonly claim: ClaimRow; readonly end: AttemptEndRow | undefined };

const CLAIMS: Part<NewAttempt> = {
  name: 'claims',
  columns: [
    { name: 'run_id', type: 'uuid', of: ({ claim }) => claim.runId },
    { name: 'task_index', type: 'int', of: ({ claim }) => claim.task },
    { name: 'epoch', type: 'bigint', of: ({ claim }) => claim.epoch },
    { name: 'number', type: 'int', of: ({ claim }) => claim.number },
    { name: 'state', type: 'text', of: ({ end }) => end?.state ?? 'running' },
    { name: 'executor_id', type: 'text', of: ({ claim }) => claim.executorId },
    { name: 'token_hash', type: 'text', of: ({ claim }) => claim.tokenHash },
    { name: 'span_id', type: 'text', of: ({ claim }) => claim.spanId },
    { name: 'ready_at', type: 'float8', of: ({ claim }) => claim.readyAt },
    { name: 'claimed_at', type: 'float8', of: ({ claim }) => claim.claimedAt },
    {
      name: 'lease_until',
      type: 'float8',
      of: ({ claim, end }) => (end === undefined ? claim.leaseUntil : null),
    },
    { name: 'items', type: 'text', of: ({ claim }) => claim.items ?? null },
    { name: 'place_key', type: 'text', of: ({ claim }) => claim.placeKey ?? null },
    { name: 'ended_at', type: 'float8', of: ({ end }) => end?.endedAt ?? null },
    { name: 'failure', type: 'jsonb', of: ({ end }) => jsonOf(end?.failure) },
    { name: 'rows', type: 'bigint', of: ({ end }) => end?.rows ?? 0 },
    { name: 'bytes', type: 'bigint', of: ({ end }) => end?.bytes ?? 0 },
    { name: 'peak_memory_bytes', type: 'bigint', of: ({ end }) => end?.peakMemoryBytes ?? 0 },
  ],
  sql: (source) => `
    insert into attempt (run_id, task_index, epoch, number, state, executor_id, token_hash, span_id, ready_at, claimed_at,
      lease_until, items, place_key, ended_at, failure, rows, bytes, peak_memory_bytes)
    select x.run_id, x.task_index, x.epoch, x.number, x.state, x.executor_id, x.token_hash, x.span_id,
      ${instantOf('ready_at')}, ${instantOf('claimed_at')}, ${instantOf('lease_until')}, x.items, x.place_key,
      ${instantOf('ended_at')}, x.failure, x.rows, x.bytes, x.peak_memory_bytes
    from ${source}`,
};

const ENDS: Part<AttemptEndRow> = {
  name: 'ends',
  columns: [
    { name: 'run_id', type: 'uuid', of: (end) => end.runId },
    { name: 'task_index', type: 'int', of: ({ task }) => task },
    { name: 'epoch', type: 'bigint', of: ({ epoch }) => epoch },
    { name: 'state', type: 'text', of: ({ state }) => state },
    { name: 'ended_at', type: 'float8', of: ({ endedAt }) => endedAt },
    { name: 'began_at', type: 'float8', of: ({ beganAt }) => beganAt ?? null },
    { name: 'failure', type: 'jsonb', of: ({ failure }) => jsonOf(failure) },
    { name: 'rows', type: 'bigint', of: ({ rows }) => rows },
    { name: 'bytes', type: 'bigint', of: ({ bytes }) => bytes },
    { name: 'peak_memory_bytes', type: 'bigint', of: (end) => end.peakMemoryBytes },
  ],
  // Progress that was reported while it ran is not taken back by an end that says nothing of it.
  sql: (source) => `
    update attempt a set
      state = x.state, ended_at = ${instantOf('ended_at')}, failure = x.failure, lease_until = null,
      began_at = case when x.began_at is not null then greatest(${instantOf('began_at')}, a.claimed_at) end,
      rows = greatest(a.rows, x.rows), bytes = greatest(a.bytes, x.bytes),
      peak_memory_bytes = greatest(a.peak_memory_bytes, x.peak_memory_bytes)
    from ${source}
    where a.run_id = x.run_id and a.task_index = x.task_index and a.epoch = x.epoch`,
};

const EVENTS: Part<EventBatch> = {
  name: 'events',
  columns: [
    { name: 'run_id', type: 'uuid', of: ({ runId }) => runId },
    { name: 'first_sequence', type: 'bigint', of: ({ firstSequence }) => firstSequence },
    { name: 'last_sequence', type: 'bigint', of: lastSequence },
    { name: 'occurred_at', type: 'float8', of: ({ at }) => at },
    { name: 'before', type: 'json', of: ({ before }) => jsonOf(before) },
    { name: 'events', type: 'json', of: ({ events }) => jsonOf(events) },
  ],
  sql: (source) => `
    insert into run_event_batch (run_id, first_sequence, last_sequence, occurred_at, before, events)
    select x.run_id, x.first_sequence, x.last_sequence, ${instantOf('occurred_at')}, x.before, x.events
    from ${source}`,
};

const OUTBOX: Part<OutboxRow> = {
  name: 'outbox_rows',
  columns: [
    { name: 'kind', type: 'text', of: ({ kind }) => kind },
    { name: 'run_id', type: 'uuid', of: ({ runId }) => runId },
    { name: 'payload', type: 'jsonb', of: ({ payload }) => jsonOf(payload) },
  ],
  sql: (source) => `
    insert into outbox (kind, run_id, payload)
    select x.kind, x.run_id, x.payload from ${source}
    returning id`,
};

/** The place that a task waits for. One that does without a place is not passed over in the queue: it is skipped. */
function waitingPlaceOf({ record, task }: TaskOf) {
  const place = placeOfTask(record, task);
  return place?.onConflict === 'queue' ? place : undefined;
}

function labelsOf({ record, task }: TaskOf): string | null {
  const labels = labelsOfTask(record, task);
  return labels.length === 0 ? null : labels.join();
}

function stateOf({ record, task }: TaskOf): RunState['tasks'][number] {
  return record.state.tasks[task]!;
}

/** What few tasks have, so that the others need not carry columns for it. */
function extraOf(state: TaskState): object | undefined {
  const { totalDeadlineAt, items, followers, voiding } = state;
  const hasFew = totalDeadlineAt ?? items ?? followers ?? voiding;
  const { awaitsBegin, isReused, isUnheard, hasUncountedRows } = state;
  const flags = { awaitsBegin, isReused, isUnheard, hasUncountedRows };
  if (hasFew === undefined && !Object.values(flags).includes(true)) return undefined;
  return { ...flags, totalDeadlineAt, items, followers, voiding };
}

/** Its place in the queue, as long as somebody may claim it. */
function rankOf({ record, task }: TaskOf): number | null {
  if (!isOffered(record, task)) return null;
  const { readyAt = record.state.createdAt } = record.state.tasks[task]!;
  const { priority } = record.plan.workflow.tasks[task]!;
  return rankAt(readyAt, priorityWithin(record, priority));
}
