import type { RpcClient } from '@floe/rpc';
import type { AttemptService } from '@floe/rpc/internal-contracts';
import type { Log } from '@floe/telemetry';
import type { ArtifactKeeper } from './artifact-keeper.ts';
import type { ConnectionResolver } from './connection-resolver.ts';
import type { LeaseKeeper } from './lease-keeper.ts';
import type { LogShipper } from './log-shipper.ts';

/** What attempts of an executor share. */
export type AttemptDependencies = {
  readonly executorId: string;
  readonly pool: string;
  readonly scheduler: Pick<RpcClient<typeof AttemptService>, 'claimAttempt' | 'finishAttempt'>;
  readonly connections: ConnectionResolver;
  readonly leases: LeaseKeeper;
  readonly logs: LogShipper;
  readonly artifacts: ArtifactKeeper;
  /** Absolute. */
  readonly datasetDir: string;
  /** Absolute; the folder in which tasks may read and write files, where there is one. */
  readonly filesDir?: string;
  /** For tasks that name no limit. */
  readonly memoryLimitBytes: number;
  readonly log: Log;
};
