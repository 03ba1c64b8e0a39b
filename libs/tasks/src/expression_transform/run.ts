import { parseProgram, toFramePlan } from '@floe/expression';
import { executeFramePlan } from '@floe/frame';
import { stringField } from '../config-fields.ts';
import { datasetPath, datasetResult } from '../dataset-path.ts';
import type { TaskContext, TaskResult } from '../runner.ts';

/** Runs the Polars text over the inputs, which go by the names of their tasks. */
export async function runExpressionTransform(context: TaskContext): Promise<TaskResult> {
  const inputs = Object.fromEntries(
    context.inputs.map((input) => [input.taskId, datasetPath(input.dataset)]),
  );
  const program = parseProgram(stringField(context.config, 'polars'), {
    inputs: Object.keys(inputs),
  });
  const plan = toFramePlan(program, context.params);
  const facts = await context.span('polars.collect', { nodes: plan.nodes.length }, () =>
    executeFramePlan(plan, { inputs, output: context.outputPath }),
  );
  context.progress({ rows: facts.rows, bytes: facts.bytes });
  return datasetResult(context, facts);
}
