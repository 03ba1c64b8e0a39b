import { pathToFileURL } from 'node:url';
import { executeStage, type StageInput, type StageStep } from '@floe/frame';
import { FloeError } from '@floe/errors';
import { datasetPaths } from '../dataset-path.ts';
import type { DatasetReference, TaskContext } from '../runner.ts';
import { knownSourceOf } from './known-sources.ts';
import { planOf, type TransformConfig } from './source.ts';

/** A transform that is carried out together with others. */
export type StagedTask = {
  readonly taskId: string;
  /** The fields of the task in the document. */
  readonly config: Readonly<Record<string, unknown>>;
  /** Without a dataset: what the task of that name makes, which comes earlier in the stage. */
  readonly inputs: readonly { readonly taskId: string; readonly dataset?: DatasetReference }[];
};

export type StageResult = {
  /** Of the last task; of the others nothing is stored. */
  readonly dataset: DatasetReference;
  /** Of each task; undefined where counting them would cost too much. */
  readonly rows: readonly (number | undefined)[];
};

/**
 * Runs transforms that go on from each other as one query. Errors: those of a transform, without saying of which; and
 * DATASET_MISSING where an input is neither stored nor made by an earlier task.
 */
export async function runStage(
  tasks: readonly StagedTask[],
  {
    params,
    outputPath,
    span,
    attempt,
  }: Pick<TaskContext, 'params' | 'outputPath' | 'span' | 'attempt'>,
): Promise<StageResult> {
  const steps = tasks.map((task, index): StageStep => {
    const earlier = tasks.slice(0, index).map(({ taskId }) => taskId);
    const inputs = Object.fromEntries(
      task.inputs.map((input) => [input.taskId, toStageInput(input, earlier)]),
    );
    const source = knownSourceOf(task.config as TransformConfig, Object.keys(inputs));
    return { plan: planOf(source, params), inputs };
  });
  const attributes = {
    tasks: tasks.map(({ taskId }) => taskId).join(', '),
    nodes: steps.reduce((sum, { plan }) => sum + plan.nodes.length, 0),
  };
  const { facts, rows } = await span('polars.collect', attributes, () =>
    executeStage(steps, outputPath, { sharesParts: attempt === 1 }),
  );
  return { dataset: { uri: pathToFileURL(outputPath).href, ...facts }, rows };
}

function toStageInput(
  { taskId, dataset }: StagedTask['inputs'][number],
  earlier: readonly string[],
): StageInput {
  if (dataset !== undefined) return { path: datasetPaths(dataset), rows: dataset.rows };
  const step = earlier.indexOf(taskId);
  if (step !== -1) return { step };
  throw new FloeError('DATASET_MISSING', `task "${taskId}" has left no dataset`, {
    details: { task: taskId },
  });
}
