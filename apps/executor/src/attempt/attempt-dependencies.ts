import type { DatasetStore } from '@floe/datasets';
import type { Log } from '@floe/telemetry';
import type { ArtifactKeeper } from './artifact-keeper.ts';
import type { ConnectionResolver } from './connection-resolver.ts';
import type { LogShipper } from './log-shipper.ts';
import type { Recorder } from './recorder.ts';

/** What attempts of an executor share. */
export type AttemptDependencies = {
  readonly executorId: string;
  readonly pool: string;
  readonly connections: ConnectionResolver;
  readonly logs: LogShipper;
  readonly artifacts: ArtifactKeeper;
  readonly recorder: Recorder;
  readonly datasets: DatasetStore;
  /** Absolute. */
  readonly datasetDir: string;
  /** Absolute; the folder in which tasks may read and write files, where there is one. */
  readonly filesDir?: string;
  /** Hosts of the own network that tasks may send requests to. */
  readonly httpHosts: readonly string[];
  /** For tasks that name no limit. */
  readonly memoryLimitBytes: number;
  /** False when nobody takes spans: then none are made. */
  readonly makesSpans: boolean;
  readonly log: Log;
};
