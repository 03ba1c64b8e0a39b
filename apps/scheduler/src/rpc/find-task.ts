import type { RpcContext } from './context.ts';

/** The index of a task of a run, which the engine knows tasks by; undefined when there is no such task run. */
export async function findTask(
  context: RpcContext,
  runId: string,
  taskId: string,
): Promise<number | undefined> {
  const row = await context.db
    .selectFrom('task_run')
    .select('task_index')
    .where('run_id', '=', runId)
    .where('task_id', '=', taskId)
    .executeTakeFirst();
  return row?.task_index;
}
