import { FloeError } from '@floe/errors';
import { type DataType, type ParameterValue } from '@floe/expression';
import { parameterReference, type ParameterSpec, type TaskDefinition } from '@floe/workflow';
import { z } from 'zod';
import { expressionField, isFew, nameField, TOO_MANY } from '../measures/measure-fields.ts';
import { checkMeasures, measureDemand } from '../measures/measure-programs.ts';
import { expressionsOf, type MetricValues } from './metric-values.ts';

// As long as the names of units are.
const UNIT_LENGTH_MAX = 40;
// The numbers that Floe takes of every task begin so.
const RESERVED = /^node_/;

const metricName = () =>
  nameField().refine((name) => !RESERVED.test(name), {
    message: 'names that begin with node_ are those of the numbers that Floe takes itself',
  });

const config = z.strictObject({
  metrics: z
    .record(metricName(), z.union([z.number(), expressionField()]))
    .refine((metrics) => Object.keys(metrics).length > 0, 'names no metric')
    .refine(isFew, TOO_MANY)
    .describe(
      'The numbers by name: a Polars expression over the input that gathers its rows, like `late: pl.len()`, a number, ' +
        'or `${{ params.name }}`.',
    ),
  units: z
    .record(z.string(), z.string().max(UNIT_LENGTH_MAX))
    .optional()
    .describe('What they count, by name, like `late: flights`.'),
  kind: nameField()
    .optional()
    .describe(
      'data_quality, performance, resource_usage or a word of your own; custom by default.',
    ),
});

const NUMBERS = new Set<DataType['kind']>([
  ...(['int8', 'int16', 'int32', 'int64', 'uint8', 'uint16', 'uint32', 'uint64'] as const),
  ...(['float32', 'float64', 'decimal', 'boolean', 'null', 'unknown'] as const),
]);
const NUMBER_PARAMETERS = new Set<ParameterSpec['type'] & ParameterValue['kind']>([
  'integer',
  'float',
  'boolean',
]);

export const updateMetrics: TaskDefinition<typeof config> = {
  type: 'update_metrics',
  description: 'Records numbers of your own beside those that Floe takes of every task.',
  config,
  inputs: { min: 0, max: 1 },
  produces: 'nothing',
  outside: 'changed',
  takesItems: false,
  lane: 'slot',
  textFields: ['metrics'],
  connections: () => [],
  outputSchema: ({ config: { metrics, units = {} }, inputs, params }) => {
    checkUnits(units, metrics);
    if (inputs.size === 0) checkWithoutRows(metrics, params);
    else
      checkMeasures(expressionsOf(metrics), {
        field: 'metrics',
        inputs,
        params,
        fits: ({ kind }) => NUMBERS.has(kind),
        wanted: 'a number',
      });
    return undefined;
  },
  demand: ({ config, inputs }) => measureDemand(expressionsOf(config.metrics), inputs),
};

function checkUnits(units: Readonly<Record<string, string>>, metrics: MetricValues): void {
  const unknown = Object.keys(units).find((name) => !Object.hasOwn(metrics, name));
  if (unknown !== undefined) throw wrong(`units.${unknown}`, 'there is no metric of this name');
}

function checkWithoutRows(
  metrics: MetricValues,
  params: Readonly<Record<string, ParameterSpec>>,
): void {
  for (const [name, text] of Object.entries(expressionsOf(metrics))) {
    const parameter = parameterReference(text);
    const at = `metrics.${name}`;
    if (parameter === undefined)
      throw wrong(at, 'it needs rows', 'Name the task that has them in `inputs: [task]`.');
    const type = params[parameter]?.type;
    // That there is no such parameter is reported elsewhere.
    if (type !== undefined && !NUMBER_PARAMETERS.has(type as never))
      throw wrong(at, `the parameter \`${parameter}\` is of type ${type}, which is no number`);
  }
}

function wrong(field: string, message: string, hint?: string): FloeError {
  return new FloeError('EXPRESSION_INVALID', message, {
    violations: [{ field, message, ...(hint !== undefined && { hint }) }],
  });
}
