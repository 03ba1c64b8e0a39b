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
import { datasetSchema, readDatasetFacts } from '@floe/frame';
import type { ComparedDataset } from '@floe/tasks/compare';
import type { TaskInput } from '@floe/tasks/run';
import type { Task, Workflow } from '@floe/workflow';
import { runHere, type Parameters } from './run-here.ts';

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
  /** The folder in which tasks may read files. */
  readonly filesDir: string;
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
  const [input] = task.inputs;
  // What passes a check is the rows that came in.
  if (task.type === 'check' && input !== undefined) return findDataset(input, workshop);
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

/** What a task makes of rows of the past run. Errors: those of the task, and those of finding its inputs. */
export async function makeDataset(
  task: Task,
  { workshop, name, parameters = workshop.past.parameters }: Making,
): Promise<ComparedDataset> {
  const inputs = await inputsOf(task, workshop);
  const output = join(workshop.scratch, `${name}.ipc`);
  const { past, filesDir } = workshop;
  await runHere(task, { inputs, output, parameters, runId: past.runId, filesDir });
  return open([output]);
}

/** The rows that a task read in the past run. Errors: DATASET_MISSING. */
export async function inputsOf(task: Task, workshop: Workshop): Promise<readonly TaskInput[]> {
  const inputs: TaskInput[] = [];
  for (const input of task.inputs)
    inputs.push(await toInput(input, await findDataset(input, workshop)));
  return inputs;
}

async function toInput(taskId: string, { paths, schema }: ComparedDataset): Promise<TaskInput> {
  const parts = await Promise.all(
    paths.map(async (path) => {
      const { rows, bytes } = await readDatasetFacts(path);
      return { uri: pathToFileURL(path).href, rows, bytes };
    }),
  );
  const rows = parts.reduce((sum, part) => sum + part.rows, 0);
  const bytes = parts.reduce((sum, part) => sum + part.bytes, 0);
  const several = parts.length === 1 ? {} : { parts };
  return { taskId, dataset: { uri: parts[0]?.uri ?? '', schema, rows, bytes, ...several } };
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
    return await (await store()).fetch({ uri });
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
