import { FloeError } from '@floe/errors';
import type { ParameterValue } from '@floe/expression';
import { readColumnRows } from '@floe/frame';
import type { ParameterType } from '@floe/workflow';
import { readItemValue } from '@floe/workflow/parameter-value';
import { datasetPaths } from './dataset-path.ts';
import type { DatasetReference } from './runner.ts';

/** One item of an attempt. */
export type TaskItem = { readonly index: number; readonly value: ParameterValue };

/** Rows of a dataset that are items. */
export type ItemRows = {
  readonly dataset: DatasetReference;
  readonly column: string;
  readonly type: ParameterType;
};

/** The items that are in these rows. Errors: DATASET_MISSING, COLUMN_MISMATCH, VALUE_INVALID. */
export async function readItems(
  { dataset, column, type }: ItemRows,
  indexes: readonly number[],
): Promise<readonly TaskItem[]> {
  const values = await readColumnRows(datasetPaths(dataset), column, indexes);
  return indexes.map((index, place) => ({ index, value: itemOf(type, values[place], index) }));
}

function itemOf(type: ParameterType, raw: unknown, index: number): ParameterValue {
  const value = readItemValue(type, raw);
  if (value !== undefined) return value;
  throw new FloeError('VALUE_INVALID', `the value of item ${index} is no ${type}`, {
    details: { item: String(index), type },
    hint: 'Name the type of the column in `foreach`, or cast it in a task before.',
  });
}
