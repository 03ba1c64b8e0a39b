import { datasetPaths, datasetResult } from '../dataset-path.ts';
import type { TaskContext, TaskResult } from '../runner.ts';
import { executeTransform } from './execute-transform.ts';
import { hideValues } from './hide-values.ts';
import { knownSourceOf } from './known-sources.ts';
import type { TransformConfig } from './source.ts';

/** Runs the text over the inputs, which go by the names of their tasks. */
export async function runExpressionTransform(context: TaskContext): Promise<TaskResult> {
  const { params, outputPath: output } = context;
  const isFirst = context.attempt === 1;
  const inputs = Object.fromEntries(
    context.inputs.map((input) => [input.taskId, datasetPaths(input.dataset)]),
  );
  const schemas = Object.fromEntries(
    context.inputs.map((input) => [input.taskId, input.dataset.schema]),
  );
  const source = knownSourceOf(context.config as TransformConfig, Object.keys(inputs));
  const facts = await context
    .span('polars.collect', { inputs: context.inputs.length }, () =>
      executeTransform({ source, params, schemas }, { inputs, output, sharesParts: isFirst }),
    )
    .catch((thrown: unknown) => {
      throw hideValues(thrown, context);
    });
  context.progress({ rows: facts.rows, bytes: facts.bytes });
  return datasetResult(context, facts);
}
