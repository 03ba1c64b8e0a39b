import { pathToFileURL } from 'node:url';
import { FloeError, nearestName } from '@floe/errors';
import { requireContract, RUNNERS } from '@floe/tasks/run';
import type { DatasetReference, TaskContext } from '@floe/tasks/run';
import { ATTRIBUTE } from '@floe/telemetry/attributes';
import type { Channel } from './channel.ts';
import { isStage } from './is-stage.ts';
import type {
  Job,
  JobFailed,
  JobMessage,
  JobSucceeded,
  ShownDataset,
  StagedJob,
} from './messages.ts';
import { itemsOf } from './job-items.ts';
import { runItems } from './run-items.ts';
import type { ItemsResult } from './run-items.ts';
import { runStageJob } from './run-stage-job.ts';
import { createTaskContext } from './task-context.ts';
import { toFailure } from './to-failure.ts';

/**
 * Runs one attempt, and says what it made and how it ended. Never throws; what the task still does after its end is not
 * heard.
 */
export async function runJob(job: Job, channel: Channel): Promise<void> {
  const ending = new AbortController();
  const send = (message: JobMessage) => {
    if (!ending.signal.aborted) channel.send(message);
  };
  const onMade = (task: StagedJob, dataset: DatasetReference) => {
    // What is handed on by reference was shown where it was made.
    if (dataset.uri === pathToFileURL(task.outputPath).href)
      send({ kind: 'made', dataset: shownDataset(job, task, dataset) });
  };
  send(await settle(job, { send, channel, onMade, signal: ending.signal }));
  ending.abort();
}

function shownDataset(job: Job, { taskId }: StagedJob, dataset: DatasetReference): ShownDataset {
  const { maskedColumns, partition } = job;
  return {
    taskId,
    datasetJson: JSON.stringify(dataset),
    maskedColumns,
    ...(partition !== undefined && { partition }),
  };
}

type Contract = Parameters<typeof requireContract>[0];

type Running = {
  readonly send: (message: JobMessage) => void;
  readonly channel: Channel;
  readonly onMade: (task: StagedJob, dataset: DatasetReference) => void;
  readonly signal: AbortSignal;
};

async function settle(job: Job, running: Running): Promise<JobSucceeded | JobFailed> {
  try {
    if (isStage(job)) return await runStages(job, running);
    const { rows, bytes, dataset, failedItems } = await runTask(job, running);
    if (dataset !== undefined) running.onMade(job, dataset);
    const datasetJson = dataset === undefined ? '' : JSON.stringify(dataset);
    return { kind: 'succeeded', rows, bytes, datasetJson, failedItems };
  } catch (thrown) {
    return { kind: 'failed', failure: toFailure(thrown) };
  }
}

function runStages(job: Job, running: Running): Promise<JobSucceeded> {
  return runStageJob(job, { context: contextOf(job, running), onMade: running.onMade });
}

function contextOf(job: Job, { send, channel, signal }: Running): TaskContext {
  return createTaskContext(job, {
    signal,
    connection: (name) => channel.askForConnection(name),
    endpoint: (name) => channel.askForEndpoint(name),
    log: (level, message, fields) =>
      send({ kind: 'log', level, message, ...(fields !== undefined && { fields }) }),
    progress: (update) => send({ kind: 'progress', update }),
    artifact: (artifact) => send({ kind: 'artifact', artifact }),
    record: (record) => channel.askToRecord(record),
    addSpan: (span) => send({ kind: 'span', span }),
  });
}

async function runTask(job: Job, running: Running): Promise<ItemsResult> {
  const run = RUNNERS[job.type];
  if (run === undefined) throw unknownType(job.type);
  const context = contextOf(job, running);
  const attributes = { [ATTRIBUTE.taskId]: job.taskId, [ATTRIBUTE.taskType]: job.type };
  const items = await itemsOf(job);
  const result = await context.span(`run ${job.type}`, attributes, () =>
    runItems(run, context, items),
  );
  if (job.contractJson !== undefined) {
    requireContract(JSON.parse(job.contractJson) as Contract, result);
  }
  return result;
}

function unknownType(type: string): FloeError {
  const nearest = nearestName(type, Object.keys(RUNNERS));
  return new FloeError('NOT_IMPLEMENTED', `this executor runs no tasks of type "${type}"`, {
    details: { type },
    hint: nearest === undefined ? 'update the executor' : `did you mean "${nearest}"?`,
  });
}
