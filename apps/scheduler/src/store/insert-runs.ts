import { wakeAt } from '@floe/engine';
import type { ControlSession } from '@floe/database';
import type { NewRun } from '@floe/scheduling';
import { arraysOf, instantOf, jsonOf, unnest, type Column } from './columns.ts';
import { leaveAlone, takeAlone } from './exclusive-runs.ts';

const COLUMNS: readonly Column<NewRun>[] = [
  { name: 'run_id', type: 'uuid', of: ({ record }) => record.runId },
  { name: 'workflow_name', type: 'text', of: ({ record }) => record.workflowName },
  { name: 'workflow_version', type: 'int', of: ({ record }) => record.workflowVersion },
  { name: 'generation', type: 'int', of: ({ record }) => record.generation },
  { name: 'request_id', type: 'text', of: ({ requestId }) => requestId ?? null },
  { name: 'request_digest', type: 'text', of: ({ requestDigest }) => requestDigest ?? null },
  { name: 'trigger', type: 'text', of: ({ record }) => record.trigger },
  { name: 'parameters', type: 'jsonb', of: ({ record }) => JSON.stringify(record.parameters) },
  { name: 'created_at', type: 'float8', of: ({ record }) => record.state.createdAt },
  { name: 'deadline_at', type: 'float8', of: ({ record }) => record.state.deadlineAt },
  { name: 'wake_at', type: 'float8', of: ({ record }) => wakeAt(record.state) ?? null },
  { name: 'trace_id', type: 'text', of: ({ record }) => record.traceId },
  { name: 'span_id', type: 'text', of: ({ record }) => record.spanId },
  { name: 'trace_flags', type: 'smallint', of: ({ record }) => record.traceFlags },
  { name: 'link_traceparent', type: 'text', of: ({ record }) => record.linkTraceparent ?? null },
  { name: 'retry_of', type: 'uuid', of: ({ record }) => record.retryOf ?? null },
  { name: 'parent_run_id', type: 'uuid', of: ({ record }) => record.parent?.runId ?? null },
  { name: 'parent_task_index', type: 'int', of: ({ record }) => record.parent?.task ?? null },
  { name: 'parent_epoch', type: 'bigint', of: ({ record }) => record.parent?.epoch ?? null },
  { name: 'depth', type: 'smallint', of: ({ record }) => record.depth },
  { name: 'ignores_known', type: 'bool', of: ({ record }) => record.ignoresKnown === true },
  { name: 'annotations', type: 'jsonb', of: ({ record }) => jsonOf(record.annotations) },
  { name: 'group_id', type: 'text', of: ({ record }) => record.groupId ?? null },
  { name: 'is_exclusive', type: 'bool', of: isExclusive },
];

// A request id is taken first, and whoever finds it taken stores no run. Another transaction that takes the same one is
// waited for; all take theirs in the same order.
const INSERT_RUNS = {
  name: 'scheduler.insert_runs',
  text: `/* scheduler.insert_runs */
    with wish as materialized (
      select * from ${unnest(COLUMNS, 1)}
    ), taken as (
      insert into run_request (request_id, run_id, request_digest)
      select request_id, run_id, request_digest from wish where request_id is not null
      order by request_id
      on conflict (request_id) do nothing
      returning run_id
    )
    insert into run (run_id, workflow_name, workflow_version, generation, request_id, request_digest, state, trigger,
      parameters, created_at, deadline_at, wake_at, trace_id, span_id, trace_flags, link_traceparent,
      retry_of, parent_run_id, parent_task_index, parent_epoch, depth, ignores_known,
      annotations, group_id, is_exclusive)
    select x.run_id, x.workflow_name, x.workflow_version, x.generation, x.request_id, x.request_digest, 'queued',
      x.trigger, x.parameters, ${instantOf('created_at')}, ${instantOf('deadline_at')}, ${instantOf('wake_at')},
      x.trace_id, x.span_id, x.trace_flags, x.link_traceparent,
      x.retry_of, x.parent_run_id, x.parent_task_index, x.parent_epoch, x.depth, x.ignores_known,
      x.annotations, x.group_id, x.is_exclusive
    from wish x
    where x.request_id is null or x.run_id in (select run_id from taken)
    returning run_id`,
};

/**
 * Inserts runs, except those whose request id is known already and those that another run excludes. Gives the ids that were
 * inserted.
 */
export async function insertRuns(
  session: ControlSession,
  runs: readonly NewRun[],
): Promise<ReadonlySet<string>> {
  const exclusive = runs.filter(isExclusive);
  const alone = await takeAlone(session, exclusive);
  const free = runs.filter((run) => !isExclusive(run) || alone.has(run.record.runId));
  const rows = await session.query<{ run_id: string }>(INSERT_RUNS, arraysOf(COLUMNS, free));
  const stored = new Set(rows.map((row) => row.run_id));
  // Its request id is known: the run that it stands for does not hold what this one has just taken.
  await leaveAlone(
    session,
    [...alone].filter((runId) => !stored.has(runId)),
  );
  return stored;
}

function isExclusive({ record }: NewRun): boolean {
  return record.isExclusive === true;
}
