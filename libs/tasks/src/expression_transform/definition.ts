import {
  checkProgram,
  columnLineage,
  type DataType,
  inputDemand,
  parseProgram,
  type Program,
  type Schema,
} from '@floe/expression';
import type { ParameterSpec, ParameterType, TaskDefinition } from '@floe/workflow';
import { z } from 'zod';

// Polars text names its inputs, and nobody keeps more than this apart.
const INPUT_COUNT_MAX = 64;

const config = z.strictObject({
  polars: z
    .string()
    .min(1)
    .describe(
      'Polars as written in Python: assignments, then a frame. Inputs go by the names of their tasks.',
    ),
});

export const expressionTransform: TaskDefinition<typeof config> = {
  type: 'expression_transform',
  description: 'Computes a dataset from others with Polars expressions. No Python runs.',
  config,
  inputs: { min: 1, max: INPUT_COUNT_MAX },
  produces: 'dataset',
  lane: 'slot',
  textFields: ['polars'],
  connections: () => [],
  outputSchema: ({ config, inputs, params }) => {
    const program = programOf(config, [...inputs.keys()]);
    const known = allKnown(inputs);
    if (known === undefined) return undefined;
    return checkProgram(program, { inputs: known, parameters: typesOf(params) });
  },
  demand: ({ config, inputs }) => {
    const known = allKnown(inputs);
    if (known === undefined) return undefined;
    const program = programOf(config, [...inputs.keys()]);
    return new Map([...inputs.keys()].map((name) => [name, inputDemand(program, known, name)]));
  },
  lineage: ({ config, inputs }) => {
    const known = allKnown(inputs);
    if (known === undefined) return undefined;
    return columnLineage(programOf(config, [...inputs.keys()]), known);
  },
};

/** Types and lineage of a task are asked for one after the other, and parsing is most of the work of either. */
const programs = new WeakMap<object, Program>();

function programOf(config: { readonly polars: string }, inputs: readonly string[]): Program {
  const known = programs.get(config);
  if (known?.text === config.polars && known.inputs.join() === inputs.join()) return known;
  const program = parseProgram(config.polars, { inputs });
  programs.set(config, program);
  return program;
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
