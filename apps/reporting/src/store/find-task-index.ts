import { toControlError } from '@floe/database';
import type { Deps } from '../deps.ts';

/** The place of a task in the workflow of a run; undefined when the run has none of this name. */
export async function findTaskIndex(
  db: Deps['db'],
  runId: string,
  taskId: string,
): Promise<number | undefined> {
  const query = db
    .selectFrom('task_run')
    .select('task_index')
    .where('run_id', '=', runId)
    .where('task_id', '=', taskId);
  try {
    return (await query.executeTakeFirst())?.task_index;
  } catch (thrown) {
    throw toControlError(thrown);
  }
}
