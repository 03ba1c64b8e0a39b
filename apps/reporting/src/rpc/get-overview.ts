import type { GetOverviewRequest, GetOverviewResponse } from '@floe/rpc/contracts';
import type { Deps } from '../deps.ts';
import { findAttention } from '../overview/find-attention.ts';
import { countOpenRuns, countRunsSince, readOldestReady } from '../store/count-runs.ts';
import { readReplicaState } from '../store/read-replica.ts';
import { DAY_MS, HOUR_MS, stepMsOf } from '../trend.ts';

// What a screen is wide: a day of hours, or a month of days.
const HOURS = 24;
const DAYS = 30;

export async function getOverview(
  deps: Deps,
  { step }: GetOverviewRequest,
): Promise<GetOverviewResponse> {
  const now = deps.now();
  const stepMs = stepMsOf(step, DAY_MS);
  const points = stepMs === HOUR_MS ? HOURS : DAYS;
  const [open, ended, oldestReady, found, trend, replica] = await Promise.all([
    countOpenRuns(deps.db),
    countRunsSince(deps.db, now - DAY_MS),
    readOldestReady(deps.db),
    findAttention(deps),
    deps.trends.trend({ stepMs, points, now }),
    readReplicaState(deps.db),
  ]);
  const count = (counts: ReadonlyMap<string, number>, ...states: readonly string[]) =>
    BigInt(states.reduce((sum, state) => sum + (counts.get(state) ?? 0), 0));
  return {
    overview: {
      runningCount: count(open, 'running', 'cancelling'),
      queuedCount: count(open, 'queued'),
      failedLastDayCount: count(ended, 'failed', 'timed_out'),
      succeededLastDayCount: count(ended, 'succeeded'),
      oldestReadyMs: BigInt(oldestReady === null ? 0 : Math.max(0, now - oldestReady)),
      time: new Date(now),
      attention: [...found.attention],
      attentionTruncated: found.isTruncated,
      trend,
      isReplica: replica.is_replica,
      replicaLagMs: BigInt(replica.lag_ms),
    },
  };
}
