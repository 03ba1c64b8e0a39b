import {
  checkProgram,
  columnLineage,
  type DataType,
  explainProgram,
  inputDemand,
  type Schema,
} from '@floe/expression';
import type { ParameterSpec, ParameterType, TaskDefinition } from '@floe/workflow';
import { z } from 'zod';
import { atSteps, sourceOf, type TransformConfig, type TransformSource } from './source.ts';

// Polars text names its inputs, and nobody keeps more than this apart.
const INPUT_COUNT_MAX = 64;
// Nobody reads a longer list; a text does better.
const STEP_COUNT_MAX = 500;
const FORMS = ['polars', 'steps', 'sql'] as const;

const config = z
  .strictObject({
    polars: z
      .string()
      .min(1)
      .optional()
      .describe(
        'Polars as written in Python: assignments, then a frame. Inputs go by the names of their tasks.',
      ),
    steps: z
      .array(z.record(z.string(), z.unknown()))
      .min(1)
      .max(STEP_COUNT_MAX)
      .optional()
      .describe(
        'Single operations of Polars, one after the other: `- filter: pl.col("delay") > 15`. Plain names are columns.',
      ),
    sql: z
      .string()
      .min(1)
      .optional()
      .describe(
        'One SELECT of Polars SQL over the inputs. Its columns are not checked before the run.',
      ),
  })
  .refine(
    (forms) => FORMS.filter((form) => forms[form] !== undefined).length === 1,
    'one of `polars`, `steps` and `sql` is needed, and only one',
  );

export const expressionTransform: TaskDefinition<typeof config> = {
  type: 'expression_transform',
  description: 'Computes a dataset from others with Polars expressions. No Python runs.',
  config,
  inputs: { min: 1, max: INPUT_COUNT_MAX },
  produces: 'dataset',
  outside: 'untouched',
  lane: 'slot',
  fuses: true,
  textFields: ['polars', 'steps', 'sql'],
  connections: () => [],
  outputSchema: ({ config, inputs, params }) => {
    const source = knownSource(config, [...inputs.keys()]);
    const known = allKnown(inputs);
    if (known === undefined || source.kind === 'sql') return undefined;
    const parameters = typesOf(params);
    return atSteps(source.steps, () => checkProgram(source.program, { inputs: known, parameters }));
  },
  demand: ({ config, inputs }) => {
    const source = knownSource(config, [...inputs.keys()]);
    const known = allKnown(inputs);
    if (known === undefined || source.kind === 'sql') return undefined;
    const names = [...inputs.keys()];
    return new Map(names.map((name) => [name, inputDemand(source.program, known, name)]));
  },
  explain: ({ config, inputs }) => {
    const source = knownSource(config, [...inputs.keys()]);
    const known = allKnown(inputs);
    if (known === undefined || source.kind === 'sql') return [];
    return explainProgram(source.program, known);
  },
  lineage: ({ config, inputs }) => {
    const source = knownSource(config, [...inputs.keys()]);
    const known = allKnown(inputs);
    if (known === undefined || source.kind === 'sql') return undefined;
    return columnLineage(source.program, known);
  },
};

/** Types and lineage of a task are asked for one after the other, and parsing is most of the work of either. */
const sources = new WeakMap<
  object,
  { readonly inputs: string; readonly source: TransformSource }
>();

function knownSource(config: TransformConfig, inputs: readonly string[]): TransformSource {
  const known = sources.get(config);
  const names = inputs.join();
  if (known?.inputs === names) return known.source;
  const source = sourceOf(config, inputs);
  sources.set(config, { inputs: names, source });
  return source;
}

const TYPES: Readonly<Record<ParameterType, DataType>> = {
  string: { kind: 'string' },
  integer: { kind: 'int64' },
  float: { kind: 'float64' },
  boolean: { kind: 'boolean' },
  date: { kind: 'date' },
  // With or without a zone: which it is stands in the value.
  datetime: { kind: 'unknown' },
};

function typesOf(
  params: Readonly<Record<string, ParameterSpec>>,
): Readonly<Record<string, DataType>> {
  return Object.fromEntries(Object.entries(params).map(([name, spec]) => [name, TYPES[spec.type]]));
}

function allKnown(
  inputs: ReadonlyMap<string, Schema | undefined>,
): Readonly<Record<string, Schema>> | undefined {
  const known: Record<string, Schema> = {};
  for (const [name, schema] of inputs) {
    if (schema === undefined) return undefined;
    known[name] = schema;
  }
  return known;
}
