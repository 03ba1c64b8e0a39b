import { executeFramePlan } from '@floe/frame';
import { datasetPaths, datasetResult } from '../dataset-path.ts';
import type { TaskContext, TaskResult } from '../runner.ts';
import { planOf, sourceOf, type TransformConfig } from './source.ts';

/** Runs the text over the inputs, which go by the names of their tasks. */
export async function runExpressionTransform(context: TaskContext): Promise<TaskResult> {
  const inputs = Object.fromEntries(
    context.inputs.map((input) => [input.taskId, datasetPaths(input.dataset)]),
  );
  const source = sourceOf(context.config as TransformConfig, Object.keys(inputs));
  const schemas = Object.fromEntries(
    context.inputs.map((input) => [input.taskId, input.dataset.schema]),
  );
  const plan = planOf(source, context.params, schemas);
  const facts = await context.span('polars.collect', { nodes: plan.nodes.length }, () =>
    executeFramePlan(plan, { inputs, output: context.outputPath }),
  );
  context.progress({ rows: facts.rows, bytes: facts.bytes });
  return datasetResult(context, facts);
}
