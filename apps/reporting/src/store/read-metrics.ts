import { toControlError } from '@floe/database';
import type { Metric } from '@floe/rpc/contracts';
import type { Deps } from '../deps.ts';

export type MetricRow = Awaited<ReturnType<typeof readMetrics>>[number];

// A task of type update_metrics may record a hundred, and a page covers a thousand tasks at most.
const METRICS_MAX = 100_000;

/** The first that tasks of a run recorded, by task and name. */
export async function readFirstMetrics(db: Deps['db'], runId: string, limit: number) {
  return metricsOf(db, runId)
    .limit(limit)
    .execute()
    .catch((thrown: unknown) => {
      throw toControlError(thrown);
    });
}

/** What tasks of a run recorded, by task and name. */
export async function readMetrics(db: Deps['db'], runId: string, taskIds: readonly string[]) {
  if (taskIds.length === 0) return [];
  return metricsOf(db, runId)
    .where('task_id', 'in', [...taskIds])
    .limit(METRICS_MAX)
    .execute()
    .catch((thrown: unknown) => {
      throw toControlError(thrown);
    });
}

function metricsOf(db: Deps['db'], runId: string) {
  return db
    .selectFrom('metric')
    .select(['task_id', 'name', 'value', 'unit', 'type', 'recorded_at'])
    .where('run_id', '=', runId)
    .orderBy('task_id')
    .orderBy('name');
}

/** A recorded metric as callers see it. */
export function toMetric({ task_id: taskId, recorded_at: at, ...rest }: MetricRow): Metric {
  return { ...rest, taskId, time: new Date(at) };
}
