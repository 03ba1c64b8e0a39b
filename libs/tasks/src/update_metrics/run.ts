import { FloeError } from '@floe/errors';
import { parameterReference } from '@floe/workflow/references';
import { optionalStringField, stringMapField } from '../config-fields.ts';
import type { Measures } from '../measures/measure-programs.ts';
import { measureRows } from '../measures/measure-rows.ts';
import type { RecordedMetric, TaskContext, TaskResult } from '../runner.ts';
import { expressionsOf, type MetricValues, numbersOf } from './metric-values.ts';

const DEFAULT_KIND = 'custom';

/**
 * Records the numbers, all or none: the attempt has not succeeded before they are kept.
 * Errors: VALUE_INVALID for what is no finite number, those of Polars, EPOCH_STALE, SERVICE_UNAVAILABLE.
 */
export async function runUpdateMetrics(context: TaskContext): Promise<TaskResult> {
  const { config } = context;
  const values = readMetrics(context);
  const units = stringMapField(config, 'units');
  const type = optionalStringField(config, 'kind') ?? DEFAULT_KIND;
  const found = new Map<string, unknown>([
    ...numbersOf(values),
    ...(await measure(context, expressionsOf(values))),
  ]);
  const metrics = Object.keys(values).map((name): RecordedMetric => {
    const value = toNumber(name, found.get(name));
    return { name, value, unit: units[name] ?? '', type };
  });
  await context.record({ kind: 'metrics', metrics });
  context.log(
    'info',
    `recorded ${metrics.map(({ name, value }) => `${name} = ${value}`).join(', ')}`,
  );
  return { rows: context.inputs[0]?.dataset.rows ?? 0, bytes: 0 };
}

function readMetrics({ config }: TaskContext): MetricValues {
  const value = config['metrics'] ?? {};
  const isValue = (each: unknown) => typeof each === 'number' || typeof each === 'string';
  if (typeof value === 'object' && !Array.isArray(value) && Object.values(value).every(isValue))
    return value as MetricValues;
  throw new FloeError('ARGUMENT_INVALID', 'the task\'s field "metrics" is no map of numbers', {
    details: { field: 'metrics' },
    hint: 'apply the workflow again',
  });
}

function measure(
  context: TaskContext,
  expressions: Measures,
): Promise<ReadonlyMap<string, unknown>> | ReadonlyMap<string, unknown> {
  if (context.inputs.length > 0) return measureRows(context, expressions, 'pl.Float64');
  return new Map(
    Object.entries(expressions).map(([name, text]) => [name, parameterNumber(context, text)]),
  );
}

function parameterNumber({ params }: TaskContext, text: string): number | undefined {
  const parameter = params[parameterReference(text) ?? ''];
  if (parameter === undefined || parameter.kind === 'null') return undefined;
  return parameter.kind === 'boolean'
    ? Number(parameter.value === 'true')
    : Number(parameter.value);
}

function toNumber(name: string, value: unknown): number {
  if (typeof value === 'number' && Number.isFinite(value)) return value;
  const found =
    value === null || value === undefined ? 'there is none' : `it is ${JSON.stringify(value)}`;
  throw new FloeError('VALUE_INVALID', `the metric "${name}" is no number: ${found}`, {
    details: { metric: name },
    hint: 'Where there may be no rows, say what holds then: .fill_null(0), .fill_nan(0).',
  });
}
