import { sql } from 'kysely';
import { toControlError } from '@floe/database';
import type { Deps } from '../deps.ts';
import { EXTRACT_TYPES, LOAD_TYPES, SENDING_TYPES } from '../task-kinds.ts';

type Db = Deps['db'];

/** What the tasks of one run did together. */
export type RunAmounts = {
  readonly run_id: string;
  readonly rows_extracted: number;
  readonly rows_loaded: number;
  readonly bytes: number;
  readonly peak_memory_bytes: number;
};

/** One row for each of the runs: their primary keys are read, and nothing else of the history. */
export async function sumByRun(db: Db, runIds: readonly string[]): Promise<readonly RunAmounts[]> {
  if (runIds.length === 0) return [];
  const query = sql<RunAmounts>`/* reporting.sum_by_run */
    select run_id,
           coalesce(sum(rows) filter (where type = any(${[...EXTRACT_TYPES]})
             and (dataset is not null or type <> all(${[...SENDING_TYPES]}))), 0)::bigint as rows_extracted,
           coalesce(sum(rows) filter (where type = any(${[...LOAD_TYPES]})), 0)::bigint as rows_loaded,
           coalesce(sum(bytes) filter (where dataset is not null), 0)::bigint as bytes,
           coalesce(max(peak_memory_bytes), 0)::bigint as peak_memory_bytes
    from floe.task_run where run_id = any(${[...runIds]}::uuid[])
      and run_id between ${leastOf(runIds)}::uuid and ${greatestOf(runIds)}::uuid
    group by run_id`;
  return (await query.execute(db).catch(fail)).rows;
}

/** How one task did in several runs. */
export type TaskSummary = {
  readonly task_id: string;
  readonly type: string;
  readonly run_count: number;
  readonly failed_count: number;
  readonly durations: readonly number[] | null;
  readonly queues: readonly number[] | null;
  readonly rows: number;
  readonly bytes: number;
  readonly peak_memory_bytes: number;
  readonly attempt_count: number;
};

/** Slowest first, by the longest of each. */
export async function summariseTasks(
  db: Db,
  runIds: readonly string[],
  limit: number,
): Promise<readonly TaskSummary[]> {
  if (runIds.length === 0) return [];
  const query = sql<TaskSummary>`/* reporting.summarise_tasks */
    with spent as (
      select *, (extract(epoch from ended_at - started_at) * 1000)::float8 as ran,
             (extract(epoch from started_at - ready_at) * 1000)::float8 as waited
      from floe.task_run where run_id = any(${[...runIds]}::uuid[])
        and run_id between ${leastOf(runIds)}::uuid and ${greatestOf(runIds)}::uuid
    )
    select task_id, min(type) as type, count(*) as run_count,
           count(*) filter (where state in ('failed', 'timed_out')) as failed_count,
           array_agg(ran) filter (where state = 'succeeded' and ran >= 0) as durations,
           array_agg(waited) filter (where waited >= 0) as queues,
           sum(rows)::bigint as rows, sum(bytes)::bigint as bytes,
           max(peak_memory_bytes) as peak_memory_bytes, sum(attempt_count)::bigint as attempt_count
    from spent group by task_id
    order by max(ran) filter (where state = 'succeeded') desc nulls last, task_id limit ${limit}`;
  return (await query.execute(db).catch(fail)).rows;
}

/** Bounds prune partitions when the query is planned, which a list of ids alone does not. */
function leastOf(ids: readonly string[]): string {
  return ids.reduce((least, id) => (id < least ? id : least));
}

function greatestOf(ids: readonly string[]): string {
  return ids.reduce((greatest, id) => (id > greatest ? id : greatest));
}

function fail(thrown: unknown): never {
  throw toControlError(thrown);
}
