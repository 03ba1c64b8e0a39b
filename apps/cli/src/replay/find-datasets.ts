/**
 * The rows that a past run has left, as files on this machine. What was never stored, because it went on to the next
 * task at once, or has been collected since, is made again by the text that made it then.
 */
import { access } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import type { TaskRun } from '@floe/client';
import type { DatasetStore } from '@floe/datasets';
import { FloeError } from '@floe/errors';
import { datasetSchema } from '@floe/frame';
import type { ComparedDataset } from '@floe/tasks/compare';
import type { TaskInput } from '@floe/tasks/run';
import type { Task, Workflow } from '@floe/workflow';
import { runTransform, type Parameters } from './run-transform.ts';

export type PastRun = {
  readonly runId: string;
  /** The version that it ran. */
  readonly workflow: Workflow;
  readonly taskRuns: ReadonlyMap<string, TaskRun>;
  readonly parameters: Parameters;
  /** Extracts that left out rows or columns which the texts of that time did not use. */
  readonly narrowed: ReadonlySet<string>;
};

export type Workshop = {
  readonly past: PastRun;
  /** Opens the store when something lies elsewhere than in a file of this machine. */
  readonly store: () => Promise<Pick<DatasetStore, 'fetch'>>;
  /** Where files go that are made here. */
  readonly scratch: string;
  /** Told of each task that is done again because its rows were not kept. */
  readonly onAgain: (taskId: string) => void;
};

/** The dataset of a task of the past run. Errors: DATASET_MISSING with what to do. */
export async function findDataset(taskId: string, workshop: Workshop): Promise<ComparedDataset> {
  const { past } = workshop;
  const kept = past.taskRuns.get(taskId)?.dataset;
  if (kept !== undefined) {
    const uris = kept.partUris?.length ? kept.partUris : [kept.uri];
    const paths = await Promise.all(uris.map((uri) => fetchFile(uri, workshop)));
    if (paths.every((path) => path !== undefined)) return open(paths);
  }
  const task = past.workflow.tasks.find(({ id }) => id === taskId);
  if (task === undefined) throw missing(taskId, `the run has no task ${taskId}`);
  if (task.type !== 'expression_transform' || task.foreach !== undefined) {
    throw missing(taskId, `the rows of task ${taskId}, which the replay needs, are not kept`);
  }
  workshop.onAgain(taskId);
  return makeDataset(task, { workshop, name: `past-${taskId}` });
}

type Making = {
  readonly workshop: Workshop;
  /** Of the file. */
  readonly name: string;
  /** Parameters of the run, as this text reads them; those of the past run when absent. */
  readonly parameters?: Parameters;
};

/** What a transform makes of rows of the past run. Errors: TRANSFORM_FAILED, and those of finding its inputs. */
export async function makeDataset(
  task: Task,
  { workshop, name, parameters = workshop.past.parameters }: Making,
): Promise<ComparedDataset> {
  const inputs: TaskInput[] = [];
  for (const input of task.inputs) inputs.push(toInput(input, await findDataset(input, workshop)));
  const output = join(workshop.scratch, `${name}.ipc`);
  await runTransform(task, { inputs, output, parameters, runId: workshop.past.runId });
  return open([output]);
}

function toInput(taskId: string, { paths, schema }: ComparedDataset): TaskInput {
  const uris = paths.map((path) => pathToFileURL(path).href);
  const uri = uris[0] ?? '';
  // How many rows and bytes there are only a check asks for, and it is no transform.
  const part = { rows: 0, bytes: 0 };
  const parts = uris.length === 1 ? {} : { parts: uris.map((each) => ({ uri: each, ...part })) };
  return { taskId, dataset: { uri, schema, ...part, ...parts } };
}

async function open(paths: readonly string[]): Promise<ComparedDataset> {
  const [first = ''] = paths;
  return { paths, schema: await datasetSchema(first) };
}

/** Undefined when it is gone. */
async function fetchFile(uri: string, { store }: Workshop): Promise<string | undefined> {
  if (uri.startsWith('file:///')) {
    const path = fileURLToPath(uri);
    return access(path).then(
      () => path,
      () => undefined,
    );
  }
  try {
    return await (await store()).fetch(uri);
  } catch (thrown) {
    if (thrown instanceof FloeError && thrown.code === 'DATASET_MISSING') return undefined;
    throw thrown;
  }
}

function missing(taskId: string, message: string): FloeError {
  return new FloeError('DATASET_MISSING', message, {
    details: { task: taskId },
    hint:
      'Run the command where the dataset store can be read (FLOE_DATASET_STORE); what was collected can be made ' +
      `again: floe runs retry RUN --from ${taskId}`,
  });
}
