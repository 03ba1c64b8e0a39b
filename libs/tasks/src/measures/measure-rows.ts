import { rm } from 'node:fs/promises';
import { FloeError } from '@floe/errors';
import { toFramePlan } from '@floe/expression';
import { executeFramePlan, previewDataset } from '@floe/frame';
import { datasetPaths, onlyInput } from '../dataset-path.ts';
import type { TaskContext } from '../runner.ts';
import { measureProgram, type Measures, ROWS } from './measure-programs.ts';

/**
 * The values of the measures over the input, by name and JSON-safe.
 * Errors: those of Polars; ARGUMENT_INVALID when they do not come to one row.
 */
export async function measureRows(
  context: TaskContext,
  measures: Measures,
  cast?: string,
): Promise<ReadonlyMap<string, unknown>> {
  const names = Object.keys(measures);
  if (names.length === 0) return new Map();
  const inputs = { [ROWS]: datasetPaths(onlyInput(context).dataset) };
  const plan = toFramePlan(measureProgram(measures, cast), context.params);
  const output = `${context.outputPath}.measures.ipc`;
  try {
    const { rows } = await executeFramePlan(plan, { inputs, output });
    if (rows !== 1) throw notOneValue(rows);
    const { schema, rows: values } = await previewDataset(output, 1);
    return new Map(schema.map(({ name }, index) => [name, values[0]?.[index]]));
  } finally {
    await rm(output, { force: true });
  }
}

function notOneValue(rows: number): FloeError {
  return new FloeError('ARGUMENT_INVALID', `the expressions give ${rows} values each, not one`, {
    hint: 'Gather the rows in each of them, like pl.len(), pl.col("delay").max() or .mean().',
  });
}
