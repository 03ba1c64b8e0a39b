import { sql, type Transaction } from 'kysely';
import type { FloeTables } from '@floe/database';
import { wakeTime } from '../commit/batch.ts';
import type { RunRecord } from '../runs/run-record.ts';
import { taskRow } from './write-batch.ts';

/** A run that is being accepted, with what identifies the request. */
export type NewRun = {
  readonly record: RunRecord;
  readonly requestId?: string;
  readonly requestDigest?: string;
};

/**
 * Inserts runs and their task runs, except those whose request id is known already. Returns the ids that were
 * inserted. Locks nothing that exists.
 */
export async function insertRuns(
  tx: Transaction<FloeTables>,
  runs: readonly NewRun[],
): Promise<ReadonlySet<string>> {
  if (runs.length === 0) return new Set();
  const inserted = await sql<{ run_id: string }>`
    /* scheduler.insert_runs */
    insert into run (run_id, workflow_name, workflow_version, generation, request_id, request_digest, state, trigger,
      parameters, created_at, deadline_at, wake_at, trace_id, span_id, trace_flags, link_traceparent)
    select run_id, workflow_name, workflow_version, generation, request_id, request_digest, 'queued', trigger,
      parameters, created_at, deadline_at, wake_at, trace_id, span_id, trace_flags, link_traceparent
    from jsonb_to_recordset(${JSON.stringify(runs.map(runRow))}::jsonb) as x(
      run_id uuid, workflow_name text, workflow_version int, generation int, request_id text, request_digest text,
      trigger text, parameters jsonb, created_at timestamptz, deadline_at timestamptz, wake_at timestamptz,
      trace_id text, span_id text, trace_flags smallint, link_traceparent text)
    on conflict (request_id) where request_id is not null do nothing
    returning run_id`.execute(tx);
  const ids = new Set(inserted.rows.map((row) => row.run_id));
  await insertTaskRuns(
    tx,
    runs.filter((run) => ids.has(run.record.runId)),
  );
  return ids;
}

function runRow({ record, requestId, requestDigest }: NewRun): object {
  return {
    run_id: record.runId,
    workflow_name: record.workflowName,
    workflow_version: record.workflowVersion,
    generation: record.generation,
    request_id: requestId ?? null,
    request_digest: requestDigest ?? null,
    trigger: record.trigger,
    parameters: record.parameters,
    created_at: new Date(record.state.createdAt).toISOString(),
    deadline_at: new Date(record.state.deadlineAt).toISOString(),
    wake_at: wakeTime(record),
    trace_id: record.traceId,
    span_id: record.spanId,
    trace_flags: record.traceFlags,
    link_traceparent: record.linkTraceparent ?? null,
  };
}

async function insertTaskRuns(tx: Transaction<FloeTables>, runs: readonly NewRun[]): Promise<void> {
  const rows = runs.flatMap(({ record }) =>
    record.plan.workflow.tasks.map((task, index) => ({
      ...taskRow(record, index),
      task_id: task.id,
      type: task.type,
      span_id: record.details[index]!.spanId,
    })),
  );
  if (rows.length === 0) return;
  await sql`
    /* scheduler.insert_task_runs */
    insert into task_run (run_id, task_index, task_id, type, state, epoch, attempt_count, loss_count, span_id)
    select run_id, task_index, task_id, type, state, epoch, attempt_count, loss_count, span_id
    from jsonb_to_recordset(${JSON.stringify(rows)}::jsonb) as x(
      run_id uuid, task_index int, task_id text, type text, state text, epoch bigint, attempt_count int,
      loss_count int, span_id text)`.execute(tx);
}
