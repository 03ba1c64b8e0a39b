import { sql } from 'kysely';
import { toControlError } from '@floe/database';
import type { Deps } from '../deps.ts';
import { LOAD_TYPES } from '../task-kinds.ts';

export type RunSums = {
  readonly rows: number;
  readonly bytes: number;
  readonly peak_memory_bytes: number;
  readonly executed: number;
  readonly attempts: number;
};

/** The tasks of one run, added up by PostgreSQL: a run may have ten thousand. Rows are those that loads wrote. */
export async function sumRun(db: Deps['db'], runId: string): Promise<RunSums> {
  const query = sql<RunSums>`/* reporting.sum_run */
    select coalesce(sum(rows) filter (where type = any(${[...LOAD_TYPES]})), 0)::bigint as rows,
           coalesce(sum(bytes) filter (where dataset is not null), 0)::bigint as bytes,
           coalesce(max(peak_memory_bytes), 0)::bigint as peak_memory_bytes,
           count(*) filter (where started_at is not null) as executed,
           coalesce(sum(attempt_count), 0)::bigint as attempts
    from floe.task_run where run_id = ${runId}::uuid`;
  const { rows } = await query.execute(db).catch((thrown: unknown) => {
    throw toControlError(thrown);
  });
  return rows[0]!;
}
