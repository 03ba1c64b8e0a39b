import { FloeError } from '@floe/errors';
import { type Config, stringMapField } from '../config-fields.ts';
import { fillText } from '../fill-text.ts';
import { isMaskedColumn, MASK } from '../masked-columns.ts';
import { measuresOf } from '../measures/measure-programs.ts';
import { measureRows } from '../measures/measure-rows.ts';
import type { MetadataValue, TaskContext, TaskResult } from '../runner.ts';

/**
 * Stores what the document and the rows say of the workflow, all or nothing. What is made of a masked column is not
 * shown. Errors: VALUE_INVALID, those of Polars, EPOCH_STALE, SERVICE_UNAVAILABLE.
 */
export async function runStoreWorkflowMetadata(context: TaskContext): Promise<TaskResult> {
  const values = Object.entries(readValues(context.config)).map(
    ([name, value]) =>
      [name, typeof value === 'string' ? fillText(value, context.params) : value] as const,
  );
  const computed = await compute(context, stringMapField(context.config, 'computed'));
  const entries = Object.fromEntries([...values, ...computed]);
  await context.record({ kind: 'workflow_metadata', entries });
  context.log('info', `stored ${Object.keys(entries).join(', ')}`);
  return { rows: context.inputs[0]?.dataset.rows ?? 0, bytes: 0 };
}

function readValues(config: Config): Readonly<Record<string, string | number | boolean>> {
  const value = config['values'] ?? {};
  const isScalar = (each: unknown) => ['string', 'number', 'boolean'].includes(typeof each);
  if (typeof value === 'object' && !Array.isArray(value) && Object.values(value).every(isScalar))
    return value as Readonly<Record<string, string | number | boolean>>;
  throw new FloeError('ARGUMENT_INVALID', 'the task\'s field "values" is no map of values', {
    details: { field: 'values' },
    hint: 'apply the workflow again',
  });
}

async function compute(
  context: TaskContext,
  computed: Readonly<Record<string, string>>,
): Promise<readonly (readonly [string, MetadataValue])[]> {
  const [input] = context.inputs;
  if (input === undefined || Object.keys(computed).length === 0) return [];
  const isMasked = (column: string) => isMaskedColumn(column, context.masked);
  const masked = measuresOf(computed, input.dataset.schema, isMasked);
  const found = await measureRows(context, computed);
  return [...found].map(([name, value]) => [name, masked.has(name) ? MASK : toValue(name, value)]);
}

function toValue(name: string, value: unknown): MetadataValue {
  if (value === null || value === undefined) return null;
  if (typeof value === 'string' || typeof value === 'number' || typeof value === 'boolean')
    return value;
  throw new FloeError(
    'VALUE_INVALID',
    `"${name}" is no single value, but ${JSON.stringify(value)}`,
    {
      details: { name },
      hint: 'Gather it further, like .first(), .len() or .list.join(", ").',
    },
  );
}
