import type { ControlDatabase } from '@floe/database';
import type { RunCommitter, RunStore } from '@floe/scheduling';
import type { PlanCache } from '../runs/plan-cache.ts';

/** What the RPCs of the scheduler work with. */
export type RpcContext = {
  readonly database: ControlDatabase;
  readonly db: ControlDatabase['db'];
  readonly store: RunStore;
  readonly committer: RunCommitter;
  readonly plans: PlanCache;
  readonly newId: () => string;
};
