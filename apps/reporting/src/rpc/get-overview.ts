import type { GetOverviewResponse } from '@floe/rpc/contracts';
import type { Deps } from '../deps.ts';
import { countOpenRuns, countRunsSince, readOldestReady } from '../store/count-runs.ts';

const DAY_MS = 24 * 3_600_000;

export async function getOverview(deps: Deps): Promise<GetOverviewResponse> {
  const now = deps.now();
  const [open, ended, oldestReady] = await Promise.all([
    countOpenRuns(deps.db),
    countRunsSince(deps.db, now - DAY_MS),
    readOldestReady(deps.db),
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
    },
  };
}
