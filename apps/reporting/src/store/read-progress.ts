import { sql } from 'kysely';
import { toControlError } from '@floe/database';
import type { Deps } from '../deps.ts';
import { ITEM_COUNTS } from './read-task-runs.ts';

export type ProgressRow = Awaited<ReturnType<typeof readProgress>>[number];

// More tasks of one run than this never run at once on the executors of one Floe.
const RUNNING_TASKS_MAX = 1_000;

/** What a task with items has of those that are done; the attempts of another start from nothing. */
const ofDone = (column: 'rows' | 'bytes') =>
  sql`case when task_run.extra ? 'items' then ${sql.ref(`task_run.${column}`)} else 0 end`;

const soFar = (column: 'rows' | 'bytes') =>
  sql<number>`(sum(${sql.ref(`attempt.${column}`)}) + ${ofDone(column)})::bigint`.as(column);

/** How far the running tasks of a run are: of one with several attempts at once, all of them together. */
export async function readProgress(db: Deps['db'], runId: string) {
  return db
    .selectFrom('attempt')
    .innerJoin('task_run', (join) =>
      join
        .onRef('task_run.run_id', '=', 'attempt.run_id')
        .onRef('task_run.task_index', '=', 'attempt.task_index'),
    )
    .select(['task_run.task_id', soFar('rows'), soFar('bytes'), ITEM_COUNTS])
    .where('attempt.run_id', '=', runId)
    .where('attempt.state', '=', 'running')
    .groupBy(['task_run.run_id', 'task_run.task_index'])
    .orderBy('task_run.task_index')
    .limit(RUNNING_TASKS_MAX)
    .execute()
    .catch((thrown: unknown) => {
      throw toControlError(thrown);
    });
}
