import { toControlError } from '@floe/database';
import type { Deps } from '../deps.ts';

export type MetricRow = Awaited<ReturnType<typeof readMetrics>>[number];

// A task of type update_metrics may record a hundred, and a page covers a thousand tasks at most.
const METRICS_MAX = 100_000;

/** What tasks of a run recorded, by task and name. */
export async function readMetrics(db: Deps['db'], runId: string, taskIds: readonly string[]) {
  if (taskIds.length === 0) return [];
  return db
    .selectFrom('metric')
    .select(['task_id', 'name', 'value', 'unit', 'type', 'recorded_at'])
    .where('run_id', '=', runId)
    .where('task_id', 'in', [...taskIds])
    .orderBy('task_id')
    .orderBy('name')
    .limit(METRICS_MAX)
    .execute()
    .catch((thrown: unknown) => {
      throw toControlError(thrown);
    });
}
