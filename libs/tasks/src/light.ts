import { runHttpLight } from './http/run-light.ts';
import { runNoop } from './noop/run.ts';
import type { TaskRunner } from './runner.ts';
import { runSleep } from './sleep/run.ts';
import { runUnsupported } from './unsupported/run.ts';

export { itemName } from './item-name.ts';
export type {
  DatasetPart,
  DatasetReference,
  LogLevel,
  PartitionShare,
  ProgressUpdate,
  TaskRecord,
  TaskArtifact,
  TaskContext,
  TaskInput,
  TaskResult,
  TaskRunner,
} from './runner.ts';

/** What runs each light task type, in the executor's own process: it brings neither Polars nor a driver along. */
export const LIGHT_RUNNERS: Readonly<Record<string, TaskRunner>> = {
  http: runHttpLight,
  noop: runNoop,
  sleep: runSleep,
  unsupported: runUnsupported,
};
