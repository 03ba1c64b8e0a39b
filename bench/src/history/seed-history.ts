/**
 * Fills a control database with runs that ended, as the services would have left them, computed by PostgreSQL itself:
 * the same rows for the same size.
 */
import type { TargetSession } from '@floe/database';

export type HistorySize = {
  readonly runs: number;
  /** Task runs of each run, with one attempt each. */
  readonly tasks: number;
  readonly workflows: number;
  /** The first run was made this long before the last one. */
  readonly days: number;
  /** When the last run was made, in milliseconds since 1970. */
  readonly endMs: number;
};

// Columns of each workflow whose origin is known.
const COLUMNS = 20;
// A statement inserts this many runs: some hundred thousand rows, so that a person sees that it goes on.
const RUNS_PER_STATEMENT = 50_000;

// Tasks of a run lie together, as a scheduler that stores a run leaves them.
const STATEMENTS = [
  `insert into floe.run (run_id, workflow_name, workflow_version, state, trigger, parameters, failure, event_sequence,
     created_at, started_at, ended_at, deadline_at, trace_id, span_id, trace_flags, request_id, request_digest)
   select run_id, workflow, 1, state, 'schedule', '{"day":{"kind":"date","value":"2026-01-01"}}',
     case when state <> 'succeeded' then '{"code":"QUERY_FAILED","message":"no such column","taskId":"t1"}'::jsonb end, 3,
     at, at, at + took, at + interval '1 hour', md5(n::text), left(md5(n::text), 16), 1,
     case when n % 10 = 0 then 'request-' || n end, case when n % 10 = 0 then md5(n::text) end
   from seed`,
  `insert into floe.task_run (run_id, task_index, task_id, type, state, epoch, attempt_count, ready_at, started_at, ended_at,
     rows, bytes, peak_memory_bytes, dataset, span_id, pool, lane)
   select run_id, task, 't' || task, case when task = $5::int - 1 then 'postgres_load' else 'expression_transform' end,
     case when task = 1 then state else 'succeeded' end, 1, 1, at, at, at + took, (n * 7 + task) % 100000,
     (n * 7 + task) % 100000 * 100, 50000000 + n % 1000 * 1000,
     '{"uri":"file:/datasets/a.arrow","rows":1000,"columns":[{"name":"a","type":"Int64"}]}',
     left(md5(n || '/' || task), 16), 'default', 'slot'
   from seed, generate_series(0, $5::int - 1) task
   order by n, task`,
  `insert into floe.attempt (run_id, task_index, epoch, number, state, executor_id, token_hash, ready_at, claimed_at, began_at,
     ended_at, rows, bytes, peak_memory_bytes, span_id)
   select run_id, task, 1, 1, case when task = 1 then state else 'succeeded' end, 'executor-' || n % 4, md5(n::text), at, at, at,
     at + took, (n * 7 + task) % 100000, (n * 7 + task) % 100000 * 100, 50000000, left(md5(n || '-' || task), 16)
   from seed, generate_series(0, $5::int - 1) task
   order by n, task`,
  `insert into floe.run_event_batch (run_id, first_sequence, last_sequence, occurred_at, before, events)
   select run_id, 1, 3, at + took, '{}', '[{"type":"run.queued"},{"type":"run.running"},{"type":"run.ended"}]' from seed`,
  `insert into floe.artifact (artifact_id, run_id, task_id, epoch, name, kind, title, media_type, content, created_at)
   select md5('artifact' || n)::uuid, run_id, '', 1, 'summary', 'markdown', 'Summary', 'text/markdown',
     convert_to(repeat('# Run ', 20), 'utf8'), at from seed`,
] as const;

// An old database has no table for them.
const METRICS = [
  `insert into floe.metric (run_id, task_id, name, epoch, value, unit, type, recorded_at)
   select run_id, 't1', 'late', 1, n % 1000, 'rows', 'data_quality', at from seed`,
] as const;

// Most runs succeed; the others are spread over all workflows and times.
const SEED = `/* bench.seed */
  with seed as (
    select n, (lpad(to_hex(ms), 12, '0') || '7' || substr(md5(n::text), 1, 3) || '8' || substr(md5(n::text), 4, 15))::uuid as run_id,
      to_timestamp(ms / 1000.0) as at, make_interval(secs => 1 + n % 600) as took, 'w' || lpad((n % $6::int)::text, 4, '0') as workflow,
      case when n % 97 = 0 then 'failed' when n % 401 = 0 then 'cancelled' when n % 701 = 0 then 'timed_out' else 'succeeded' end as state
    from (select n, ($3::bigint + (n::float8 * $4::float8))::bigint as ms from generate_series($1::bigint, $2::bigint) n) numbered
    where $5::int > 0
  ) `;

const DAY_MS = 86_400_000;

export async function seedHistory(
  session: TargetSession,
  size: HistorySize,
  say: (line: string) => void,
): Promise<void> {
  // Nobody else is there, and what is inserted fits together: references and triggers are left out.
  await session.query(
    `select set_config('session_replication_role', 'replica', false), set_config('synchronous_commit', 'off', false)`,
  );
  await seedWorkflows(session, size);
  await seedRows(session, STATEMENTS, size, (count) => {
    say(
      `${count.toLocaleString('en')} of ${size.runs.toLocaleString('en')} runs are in the history`,
    );
  });
  await session.query('vacuum (analyze)');
}

/** What tasks of these runs recorded, once the schema has a place for it. */
export async function seedMetrics(session: TargetSession, size: HistorySize): Promise<void> {
  await seedRows(session, METRICS, size, () => {});
  await session.query('vacuum (analyze) floe.metric');
}

async function seedRows(
  session: TargetSession,
  statements: readonly string[],
  size: HistorySize,
  onDone: (runs: number) => void,
): Promise<void> {
  const firstMs = size.endMs - size.days * DAY_MS;
  const stepMs = (size.days * DAY_MS) / size.runs;
  for (let from = 1; from <= size.runs; from += RUNS_PER_STATEMENT) {
    const to = Math.min(from + RUNS_PER_STATEMENT - 1, size.runs);
    const values = [from, to, Math.round(firstMs), stepMs, size.tasks, size.workflows];
    for (const statement of statements) await session.query(SEED + statement, values);
    onDone(to);
  }
}

async function seedWorkflows(
  session: TargetSession,
  { workflows, tasks }: HistorySize,
): Promise<void> {
  const count = [workflows];
  await session.query(
    `insert into floe.workflow (name, latest_version, task_count)
     select 'w' || lpad(n::text, 4, '0'), 1, 10 from generate_series(0, $1::int - 1) n`,
    count,
  );
  await session.query(
    `insert into floe.workflow_version (workflow_name, version, source, document, digest)
     select name, 1, '', jsonb_build_object('name', name, 'tasks', (
       select jsonb_agg(jsonb_build_object('id', 't' || task, 'needs', '[]'::jsonb, 'config', '{}'::jsonb,
         'type', case when task = $1::int - 1 then 'postgres_load' else 'expression_transform' end,
         'inputs', case when task = 0 then '[]'::jsonb else jsonb_build_array('t' || task - 1) end) order by task)
       from generate_series(0, $1::int - 1) task)), md5(name) from floe.workflow`,
    [tasks],
  );
  await session.query(
    `insert into floe.lineage_dataset (uri, name, short_name)
     select 'postgres://db:5432/warehouse/public.t' || n, 'public.t' || n, 't' || n
     from generate_series(0, $1::int) n`,
    count,
  );
  // Each workflow makes a table of the one before it, so that a question goes through many.
  await session.query(
    `insert into floe.lineage_edge (workflow_name, version, task_id, source_id, source_column, target_id, target_column, how,
       transformation, is_masked, certainty)
     select 'w' || lpad(n::text, 4, '0'), 1, 't1', s.dataset_id, 'c' || c, t.dataset_id, 'c' || c, 'value', 'identity',
       false, 'exact'
     from generate_series(0, $1::int - 1) n, generate_series(1, $2::int) c, floe.lineage_dataset s, floe.lineage_dataset t
     where s.name = 'public.t' || n and t.name = 'public.t' || (n + 1)`,
    [workflows, COLUMNS],
  );
}

// Half a year of them before those of Floe, in two hundred workflows of three people each.
const IMPORTED = `
  insert into floe.legacy_run (workflow_run_id, job_run_id, workflow_id, workflow_name, job_name, folder_name, workspace_name,
    run_status, run_by, start_timestamp, end_timestamp, source, checksum)
  select 'old-run-' || n, 'old-job-' || n / 2, 'wf-' || n % 200, 'Pipeline ' || n % 200, 'Job ' || n % 50,
    'Folder ' || n % 10, 'People', case when n % 97 = 0 then 'Failed' else 'Completed' end,
    (array['ada', 'bo', 'charles'])[1 + n % 3], at, at + n % 600 * interval '1 second', 'workflow_run_stats', md5(n::text)
  from (
    select n, to_timestamp($1::float8 / 1000) - (n::float8 / $2) * interval '180 days' as at
    from generate_series(1, $2::int) n
  ) numbered`;

/** As many runs of the replaced service as there are of Floe. */
export async function seedImportedRuns(
  session: TargetSession,
  { runs, days, endMs }: HistorySize,
): Promise<void> {
  await session.query(IMPORTED, [endMs - days * DAY_MS, runs]);
  await session.query('vacuum (analyze) floe.legacy_run');
  await session.query('vacuum (analyze) floe.legacy_run_count');
}

const RUNS_COUNTED_AT_ONCE = 50_000;

/** As a scheduler does it in its first minutes on a database that was never counted. */
export async function countHistory(session: TargetSession): Promise<void> {
  let hasMore = true;
  while (hasMore) {
    const rows = await session.query<{ more: boolean }>('select floe.count_runs($1) as more', [
      RUNS_COUNTED_AT_ONCE,
    ]);
    hasMore = rows.some(({ more }) => more);
  }
  await session.query('vacuum (analyze) floe.run_count');
}
