import type { TargetAddress } from '@floe/database/target';
import { FloeError } from '@floe/errors';
import type { HttpEndpoint } from '@floe/http';
import type {
  DatasetReference,
  LogLevel,
  PartitionShare,
  ProgressUpdate,
  TaskArtifact,
  TaskContext,
  TaskInput,
  TaskRecord,
} from '@floe/tasks/light';
import type { FinishedSpan } from '@floe/telemetry';
import type { Job } from './messages.ts';
import { isStage } from './is-stage.ts';
import { recordSpan } from './record-span.ts';

/** Where what a task says and asks for goes. */
export type TaskSurroundings = {
  readonly signal: AbortSignal;
  readonly connection: (name: string) => Promise<TargetAddress>;
  readonly endpoint: (name: string) => Promise<HttpEndpoint>;
  readonly log: (
    level: LogLevel,
    message: string,
    fields?: Readonly<Record<string, unknown>>,
  ) => void;
  readonly progress: (update: ProgressUpdate) => void;
  readonly artifact: (artifact: TaskArtifact) => void;
  readonly record: (record: TaskRecord) => Promise<void>;
  readonly addSpan: (span: FinishedSpan) => void;
};

/** What a task is given for a job. Throws ARGUMENT_INVALID or DATASET_MISSING. */
export function createTaskContext(job: Job, around: TaskSurroundings): TaskContext {
  const recording = { root: job.traceparent, emit: around.addSpan };
  const { runId, taskId, attempt, epoch, outputPath } = job;
  const { signal, connection, endpoint, log, progress, artifact, record } = around;
  return {
    runId,
    taskId,
    attempt,
    epoch,
    outputPath,
    signal,
    config: parseRecord(job.configJson),
    params: parseRecord(job.parametersJson) as TaskContext['params'],
    // Of a task that is carried out together with others the stage knows the inputs.
    inputs: isStage(job) ? [] : job.inputs.map(parseInput),
    ...(job.partition !== undefined && { partition: toShare(job.partition) }),
    connection,
    endpoint,
    httpHosts: job.httpHosts,
    log,
    progress,
    artifact,
    record,
    masked: new Set(job.maskedColumns),
    ...(job.filesDir !== undefined && { filesDir: job.filesDir }),
    span: (name, attributes, body, kind = 'internal') =>
      recordSpan(recording, { name, attributes, kind }, body),
  };
}

function toShare({ index, count, handoutJson }: NonNullable<Job['partition']>): PartitionShare {
  if (handoutJson === '') return { index, count };
  return { index, count, handout: JSON.parse(handoutJson) as unknown };
}

function parseRecord(json: string): Readonly<Record<string, unknown>> {
  const value: unknown = JSON.parse(json || '{}');
  if (typeof value === 'object' && value !== null && !Array.isArray(value)) {
    return value as Readonly<Record<string, unknown>>;
  }
  throw new FloeError('ARGUMENT_INVALID', 'the attempt has fields that are no JSON object');
}

function parseInput(input: Job['inputs'][number]): TaskInput {
  const dataset = JSON.parse(input.datasetJson) as DatasetReference | null;
  if (dataset !== null) return { taskId: input.taskId, dataset };
  throw new FloeError('DATASET_MISSING', `task "${input.taskId}" has left no dataset`, {
    details: { task: input.taskId },
    hint: `use "needs" instead of "inputs" for "${input.taskId}", which only orders the tasks`,
  });
}
