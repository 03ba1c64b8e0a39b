import type { GetOverviewRequest, GetOverviewResponse } from '@floe/rpc/contracts';
import type { Deps } from '../deps.ts';
import { findAttention } from '../overview/find-attention.ts';
import { countOpenRuns, readOldestReady } from '../store/count-runs.ts';
import { readReplicaState } from '../store/read-replica.ts';
import { DAY_MS, HOUR_MS, stepMsOf } from '../trend.ts';

// What a screen is wide: where it does not show the last day by hour, a month of days.
const DAYS = 30;

export async function getOverview(
  deps: Deps,
  { step }: GetOverviewRequest,
): Promise<GetOverviewResponse> {
  const now = deps.now();
  const stepMs = stepMsOf(step, DAY_MS);
  const [open, lastDay, oldestReady, found, days, replica] = await Promise.all([
    countOpenRuns(deps.db),
    deps.trends.lastDay(now),
    readOldestReady(deps.db),
    findAttention(deps),
    stepMs === HOUR_MS ? undefined : deps.trends.trend({ stepMs, points: DAYS, now }),
    readReplicaState(deps.db),
  ]);
  const count = (counts: ReadonlyMap<string, number>, ...states: readonly string[]) =>
    BigInt(states.reduce((sum, state) => sum + (counts.get(state) ?? 0), 0));
  return {
    overview: {
      runningCount: count(open, 'running', 'cancelling'),
      queuedCount: count(open, 'queued'),
      failedLastDayCount: lastDay.failed,
      succeededLastDayCount: lastDay.succeeded,
      oldestReadyMs: BigInt(oldestReady === null ? 0 : Math.max(0, now - oldestReady)),
      time: new Date(now),
      attention: [...found.attention],
      attentionTruncated: found.isTruncated,
      trend: [...(days ?? lastDay.hours)],
      isReplica: replica.is_replica,
      replicaLagMs: BigInt(replica.lag_ms),
    },
  };
}
