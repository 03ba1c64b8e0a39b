import { fileURLToPath, pathToFileURL } from 'node:url';
import { FloeError } from '@floe/errors';
import type { DatasetFacts } from '@floe/frame';
import type { DatasetReference, TaskContext, TaskInput, TaskResult } from './runner.ts';

function localPath({ uri }: { readonly uri: string }): string {
  if (uri.startsWith('file:///')) return fileURLToPath(uri);
  throw new FloeError('DATASET_MISSING', `the dataset ${uri} is not on this machine`);
}

/** The files of a dataset on this machine, in the order of its rows. Errors: DATASET_MISSING. */
export function datasetPaths(dataset: DatasetReference): readonly string[] {
  return (dataset.parts ?? [dataset]).map(localPath);
}

/** The one input of a task that takes exactly one. Errors: ARGUMENT_INVALID. */
export function onlyInput(context: TaskContext): TaskInput {
  const [input, ...others] = context.inputs;
  if (input !== undefined && others.length === 0) return input;
  throw new FloeError(
    'ARGUMENT_INVALID',
    `task "${context.taskId}" needs one input, it has ${context.inputs.length}`,
    { details: { field: 'inputs' }, hint: 'name one upstream task in inputs' },
  );
}

/** The result of a task whose output is the dataset at the attempt's path. */
export function datasetResult(context: TaskContext, facts: DatasetFacts): TaskResult {
  const { rows, bytes } = facts;
  const dataset = { uri: pathToFileURL(context.outputPath).href, ...facts };
  return { dataset, rows, bytes };
}
