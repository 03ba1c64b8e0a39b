import { sql, type Transaction } from 'kysely';
import type { FloeTables } from '@floe/database';
import { LEASE_MS } from '../limits.ts';
import type { Batch } from '../commit/batch.ts';
import { wakeTime } from '../commit/batch.ts';
import type { StoredOutboxRow } from '../commit/rows.ts';
import type { RunRecord } from '../runs/run-record.ts';

type Tx = Transaction<FloeTables>;

const LEASE_SECONDS = LEASE_MS / 1_000;

/**
 * Writes everything that a batch of decisions changed: one statement a table, whatever the number of runs. The caller
 * holds the locks of the runs. Returns the outbox rows with their ids, in order.
 */
export async function writeBatch(tx: Tx, batch: Batch): Promise<StoredOutboxRow[]> {
  await updateRuns(tx, [...batch.runs.values()]);
  await updateTaskRuns(tx, batch);
  await insertAttempts(tx, batch);
  await claimAttempts(tx, batch);
  await endAttempts(tx, batch);
  await insertEvents(tx, batch);
  return insertOutbox(tx, batch);
}

async function updateRuns(tx: Tx, records: readonly RunRecord[]): Promise<void> {
  if (records.length === 0) return;
  await sql`
    /* scheduler.update_runs */
    update run r set
      state = x.state, failure = x.failure, cancel_reason = x.cancel_reason, revision = r.revision + 1,
      event_sequence = x.event_sequence, started_at = x.started_at, ended_at = x.ended_at,
      cancel_requested_at = x.cancel_requested_at, wake_at = x.wake_at
    from jsonb_to_recordset(${json(records.map(runRow))}::jsonb) as x(
      run_id uuid, state text, failure jsonb, cancel_reason text, event_sequence bigint, started_at timestamptz,
      ended_at timestamptz, cancel_requested_at timestamptz, wake_at timestamptz)
    where r.run_id = x.run_id`.execute(tx);
}

function runRow(record: RunRecord): object {
  const { state } = record;
  return {
    run_id: record.runId,
    state: state.status,
    failure: state.failure ?? null,
    cancel_reason: state.cancel?.reason ?? null,
    event_sequence: record.eventSequence,
    started_at: iso(state.startedAt),
    ended_at: iso(state.endedAt),
    cancel_requested_at: iso(state.cancel?.at),
    wake_at: wakeTime(record),
  };
}

async function updateTaskRuns(tx: Tx, batch: Batch): Promise<void> {
  if (batch.tasks.size === 0) return;
  const rows = [...batch.tasks.values()].map(({ runId, index }) =>
    taskRow(batch.runs.get(runId)!, index),
  );
  await sql`
    /* scheduler.update_task_runs */
    update task_run t set
      state = x.state, epoch = x.epoch, attempt_count = x.attempt_count, loss_count = x.loss_count,
      ready_at = x.ready_at, started_at = x.started_at, ended_at = x.ended_at,
      next_attempt_at = x.next_attempt_at, state_deadline_at = x.state_deadline_at, rows = x.rows,
      bytes = x.bytes, peak_memory_bytes = x.peak_memory_bytes, dataset = x.dataset, failure = x.failure
    from jsonb_to_recordset(${json(rows)}::jsonb) as x(
      run_id uuid, task_index int, state text, epoch bigint, attempt_count int, loss_count int,
      ready_at timestamptz, started_at timestamptz, ended_at timestamptz, next_attempt_at timestamptz,
      state_deadline_at timestamptz, rows bigint, bytes bigint, peak_memory_bytes bigint, dataset jsonb,
      failure jsonb)
    where t.run_id = x.run_id and t.task_index = x.task_index`.execute(tx);
}

/** The columns of a task run that change. */
export function taskRow(record: RunRecord, index: number): object {
  const task = record.state.tasks[index]!;
  const detail = record.details[index]!;
  return {
    run_id: record.runId,
    task_index: index,
    state: task.status,
    epoch: task.epoch,
    attempt_count: task.attempts,
    loss_count: task.losses,
    ready_at: iso(task.readyAt),
    started_at: iso(task.startedAt),
    ended_at: iso(task.endedAt),
    next_attempt_at: iso(task.nextAttemptAt),
    state_deadline_at: iso(task.deadlineAt),
    rows: detail.rows,
    bytes: detail.bytes,
    peak_memory_bytes: detail.peakMemoryBytes,
    dataset: detail.dataset ?? null,
    failure: task.failure ?? null,
  };
}

async function insertAttempts(tx: Tx, batch: Batch): Promise<void> {
  if (batch.attempts.length === 0) return;
  await sql`
    /* scheduler.insert_attempts */
    insert into attempt (run_id, task_index, epoch, number, state, pool, priority, ready_at, published_at, span_id)
    select run_id, task_index, epoch, number, 'ready', pool, priority, ready_at, clock_timestamp(), span_id
    from jsonb_to_recordset(${json(batch.attempts)}::jsonb) as x(
      run_id uuid, task_index int, epoch bigint, number int, pool text, priority int, ready_at timestamptz,
      span_id text)`.execute(tx);
}

async function claimAttempts(tx: Tx, batch: Batch): Promise<void> {
  if (batch.claims.length === 0) return;
  await sql`
    /* scheduler.claim_attempts */
    update attempt a set
      state = 'running', executor_id = x.executor_id, token_hash = x.token_hash, claimed_at = x.claimed_at,
      lease_until = clock_timestamp() + make_interval(secs => ${LEASE_SECONDS})
    from jsonb_to_recordset(${json(batch.claims)}::jsonb) as x(
      run_id uuid, task_index int, epoch bigint, executor_id text, token_hash text, claimed_at timestamptz)
    where a.run_id = x.run_id and a.task_index = x.task_index and a.epoch = x.epoch`.execute(tx);
}

async function endAttempts(tx: Tx, batch: Batch): Promise<void> {
  if (batch.ends.length === 0) return;
  await sql`
    /* scheduler.end_attempts */
    update attempt a set
      state = x.state, ended_at = x.ended_at, failure = x.failure, lease_until = null,
      rows = greatest(a.rows, x.rows), bytes = greatest(a.bytes, x.bytes),
      peak_memory_bytes = greatest(a.peak_memory_bytes, x.peak_memory_bytes)
    from jsonb_to_recordset(${json(batch.ends)}::jsonb) as x(
      run_id uuid, task_index int, epoch bigint, state text, ended_at timestamptz, failure jsonb, rows bigint,
      bytes bigint, peak_memory_bytes bigint)
    where a.run_id = x.run_id and a.task_index = x.task_index and a.epoch = x.epoch`.execute(tx);
}

async function insertEvents(tx: Tx, batch: Batch): Promise<void> {
  if (batch.events.length === 0) return;
  await sql`
    /* scheduler.insert_run_events */
    insert into run_event (run_id, sequence, type, task_index, occurred_at, data)
    select run_id, sequence, type, task_index, occurred_at, data
    from jsonb_to_recordset(${json(batch.events)}::jsonb) as x(
      run_id uuid, sequence bigint, type text, task_index int, occurred_at timestamptz, data jsonb)`.execute(
    tx,
  );
}

async function insertOutbox(tx: Tx, batch: Batch): Promise<StoredOutboxRow[]> {
  if (batch.outbox.length === 0) return [];
  const numbered = batch.outbox.map((row, position) => ({ ...row, position }));
  const inserted = await sql<{ id: number }>`
    /* scheduler.insert_outbox */
    insert into outbox (kind, run_id, payload, traceparent)
    select kind, run_id, payload, traceparent
    from jsonb_to_recordset(${json(numbered)}::jsonb) as x(
      position int, kind text, run_id uuid, payload jsonb, traceparent text)
    order by position
    returning id`.execute(tx);
  return batch.outbox.map((row, position) => ({ ...row, id: inserted.rows[position]!.id }));
}

function json(value: unknown): string {
  return JSON.stringify(value);
}

function iso(at: number | undefined): string | null {
  return at === undefined ? null : new Date(at).toISOString();
}
