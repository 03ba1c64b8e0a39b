import { toControlError, type ControlDatabase } from '@floe/database';
import { LOAD_TYPES } from '../task-kinds.ts';

export type TaskStateCount = {
  readonly run_id: string;
  readonly state: string;
  readonly count: number;
  readonly rows_loaded: number;
};

/** How many task runs of each run are in which state, in one statement for a whole page of runs. */
export async function countTaskStates(
  db: ControlDatabase['db'],
  runIds: readonly string[],
): Promise<ReadonlyMap<string, readonly TaskStateCount[]>> {
  if (runIds.length === 0) return new Map();
  try {
    const rows = await db
      .selectFrom('task_run')
      .select(({ fn }) => [
        'run_id',
        'state',
        fn.countAll<number>().as('count'),
        fn.sum('rows').filterWhere('type', 'in', LOAD_TYPES).as('rows_loaded'),
      ])
      .where('run_id', 'in', runIds)
      .groupBy(['run_id', 'state'])
      .execute();
    return Map.groupBy(
      rows.map((row) => ({ ...row, rows_loaded: Number(row.rows_loaded ?? 0) })),
      (row) => row.run_id,
    );
  } catch (thrown) {
    throw toControlError(thrown);
  }
}
