import { fileURLToPath, pathToFileURL } from 'node:url';
import { FloeError, nearestName } from '@floe/errors';
import { previewName, profileDataset, requireContract, RUNNERS } from '@floe/tasks/run';
import type { DatasetReference, TaskContext } from '@floe/tasks/run';
import { ATTRIBUTE } from '@floe/telemetry/attributes';
import type { Channel } from './channel.ts';
import { isStage } from './is-stage.ts';
import type { Job, JobFailed, JobMessage, JobSucceeded, StagedJob } from './messages.ts';
import { itemsOf } from './job-items.ts';
import { runItems } from './run-items.ts';
import type { ItemsResult } from './run-items.ts';
import { runStageJob } from './run-stage-job.ts';
import { createTaskContext } from './task-context.ts';
import { toFailure } from './to-failure.ts';

/**
 * Runs one attempt, says how it ended, and then shows people what it made: the next task need not wait for that. Never
 * throws; what the task still does after its end is not heard.
 */
export async function runJob(job: Job, channel: Channel): Promise<void> {
  const ending = new AbortController();
  const send = (message: JobMessage) => {
    if (!ending.signal.aborted) channel.send(message);
  };
  const made: Made[] = [];
  const end = await settle(job, { send, channel, made, signal: ending.signal });
  send(end);
  ending.abort();
  for (const each of made) await showDataset(job, each, channel);
  channel.send({ kind: 'idle' });
}

/** A dataset, and which of the job's tasks made it. */
type Made = { readonly task: StagedJob; readonly dataset: DatasetReference };

type Contract = Parameters<typeof requireContract>[0];

type Running = {
  readonly send: (message: JobMessage) => void;
  readonly channel: Channel;
  readonly made: Made[];
  readonly signal: AbortSignal;
};

async function settle(job: Job, running: Running): Promise<JobSucceeded | JobFailed> {
  try {
    if (isStage(job)) return await runStages(job, running);
    const { rows, bytes, dataset, failedItems } = await runTask(job, running);
    if (dataset !== undefined) running.made.push({ task: job, dataset });
    const datasetJson = dataset === undefined ? '' : JSON.stringify(dataset);
    return { kind: 'succeeded', rows, bytes, datasetJson, failedItems };
  } catch (thrown) {
    return { kind: 'failed', failure: toFailure(thrown) };
  }
}

function runStages(job: Job, running: Running): Promise<JobSucceeded> {
  return runStageJob(job, {
    context: contextOf(job, running),
    onMade: (task, dataset) => void running.made.push({ task, dataset }),
  });
}

/** A preview of what the attempt made. One that cannot be made is missed by people, not by tasks. */
async function showDataset(job: Job, { task, dataset }: Made, channel: Channel): Promise<void> {
  // What is handed on by reference was shown where it was made.
  if (dataset.uri !== pathToFileURL(task.outputPath).href) return;
  try {
    const path = fileURLToPath(dataset.uri);
    const content = await profileDataset({ path, dataset, masked: new Set(job.maskedColumns) });
    const name = previewName(job.partition);
    const artifact = { name, kind: 'preview', content } as const;
    channel.send({ kind: 'artifact', artifact, taskId: task.taskId });
  } catch (thrown) {
    // The log of the attempt has ended: it goes to that of the executor.
    console.error(`there is no preview of what ${task.taskId} made: ${toFailure(thrown).message}`);
  }
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
