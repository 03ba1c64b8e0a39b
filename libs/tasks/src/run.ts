import { runCheck } from './check/run.ts';
import { runExpressionTransform } from './expression_transform/run.ts';
import { runFileExtract } from './file_extract/run.ts';
import { runFileLoad } from './file_load/run.ts';
import { runHttp } from './http/run.ts';
import { runNoop } from './noop/run.ts';
import { loadTaskPackages } from './packages/load-task-packages.ts';
import { toRunner } from './packages/to-runner.ts';
import { runPostgresExtract } from './postgres_extract/run.ts';
import { runPostgresLoad } from './postgres_load/run.ts';
import { runPostgresSql } from './postgres_sql/run.ts';
import type { TaskRunner } from './runner.ts';
import { runSleep } from './sleep/run.ts';
import { runStoreWorkflowMetadata } from './store_workflow_metadata/run.ts';
import { runUnsupported } from './unsupported/run.ts';
import { runUpdateMetrics } from './update_metrics/run.ts';

export { readItems } from './read-items.ts';
export type { ItemRows, TaskItem } from './read-items.ts';
export { taskPackagesIn } from './packages/task-packages-in.ts';
export { requireContract } from './require-contract.ts';
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

export { runStage } from './expression_transform/run-stage.ts';
export type { StagedTask, StageResult } from './expression_transform/run-stage.ts';
export type { DatasetProfile } from './profiles/dataset-profile.ts';
export { previewName } from './profiles/preview-name.ts';
export { profileDataset } from './profiles/profile-dataset.ts';

const runners: Record<string, TaskRunner> = {
  expression_transform: runExpressionTransform,
  check: runCheck,
  file_extract: runFileExtract,
  file_load: runFileLoad,
  http: runHttp,
  noop: runNoop,
  postgres_extract: runPostgresExtract,
  postgres_load: runPostgresLoad,
  postgres_sql: runPostgresSql,
  sleep: runSleep,
  store_workflow_metadata: runStoreWorkflowMetadata,
  unsupported: runUnsupported,
  update_metrics: runUpdateMetrics,
};

/** What runs each task type. Apart from the types' schemas, because it brings the drivers along. */
export const RUNNERS: Readonly<Record<string, TaskRunner>> = runners;

/** Lets this process run the task types of packages. Errors: CONFIGURATION_INVALID. */
export async function useTaskRunners(
  specifiers: readonly string[] = [],
  folder: string = process.cwd(),
): Promise<void> {
  const tasks = await loadTaskPackages(specifiers, folder);
  for (const task of tasks) runners[task.type] = toRunner(task);
}
