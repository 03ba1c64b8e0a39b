import type { ControlDatabase } from '@floe/database';
import type { RunCommitter } from '../commit/run-committer.ts';
import type { PlanCache } from '../runs/plan-cache.ts';

/** What the RPCs of the scheduler work with. */
export type RpcContext = {
  readonly db: ControlDatabase['db'];
  readonly committer: RunCommitter;
  readonly plans: PlanCache;
  readonly newId: () => string;
};
