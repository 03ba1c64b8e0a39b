import { toControlError } from '@floe/database';
import type { Deps } from '../deps.ts';

export type ProgressRow = Awaited<ReturnType<typeof readProgress>>[number];

// More tasks of one run than this never run at once on the executors of one Floe.
const RUNNING_TASKS_MAX = 1_000;

/** How far the running attempts of a run are. */
export async function readProgress(db: Deps['db'], runId: string) {
  return db
    .selectFrom('attempt')
    .innerJoin('task_run', (join) =>
      join
        .onRef('task_run.run_id', '=', 'attempt.run_id')
        .onRef('task_run.task_index', '=', 'attempt.task_index'),
    )
    .select(['task_run.task_id', 'attempt.rows', 'attempt.bytes'])
    .where('attempt.run_id', '=', runId)
    .where('attempt.state', '=', 'running')
    .orderBy('attempt.task_index')
    .limit(RUNNING_TASKS_MAX)
    .execute()
    .catch((thrown: unknown) => {
      throw toControlError(thrown);
    });
}
