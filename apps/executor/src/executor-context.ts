import type { Executor } from '@floe/rpc/contracts';
import type { Log } from '@floe/telemetry';
import type { WorkerPool } from './worker-pool.ts';

/** What the RPCs of an executor work with. */
export type ExecutorContext = {
  readonly pool: WorkerPool;
  readonly describe: () => Executor;
  readonly log: Log;
};
