import { toControlError } from '@floe/database';
import type { Deps } from '../deps.ts';

export async function hasTaskRun(db: Deps['db'], runId: string, taskId: string): Promise<boolean> {
  const query = db
    .selectFrom('task_run')
    .select('task_index')
    .where('run_id', '=', runId)
    .where('task_id', '=', taskId);
  try {
    return (await query.executeTakeFirst()) !== undefined;
  } catch (thrown) {
    throw toControlError(thrown);
  }
}
