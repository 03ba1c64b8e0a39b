import { sql } from 'kysely';
import { toControlError } from '@floe/database';
import type { ItemsState } from '@floe/engine';
import type { Deps } from '../deps.ts';

export type TaskItemsRow = { readonly items: ItemsState | null };

/** The state of the items of a task run; undefined when there is no such task run. */
export async function readTaskItems(
  db: Deps['db'],
  runId: string,
  taskId: string,
): Promise<TaskItemsRow | undefined> {
  try {
    return await db
      .selectFrom('task_run')
      .select(sql<ItemsState | null>`extra -> 'items'`.as('items'))
      .where('run_id', '=', runId)
      .where('task_id', '=', taskId)
      .executeTakeFirst();
  } catch (thrown) {
    throw toControlError(thrown);
  }
}
