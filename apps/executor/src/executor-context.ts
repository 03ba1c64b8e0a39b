import type { Execution } from '@floe/execution';
import type { Executor } from '@floe/rpc/contracts';
import type { AttemptLease } from '@floe/rpc/internal-contracts';
import type { Log } from '@floe/telemetry';
import type { Lanes } from './lanes.ts';

/** What the RPCs of an executor work with. */
export type ExecutorContext = {
  readonly execution: Execution<AttemptLease>;
  readonly lanes: Lanes;
  readonly labels: readonly string[];
  readonly describe: () => Executor;
  readonly log: Log;
};
