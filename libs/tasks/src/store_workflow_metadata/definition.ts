import { FloeError } from '@floe/errors';
import type { DataType } from '@floe/expression';
import type { TaskDefinition } from '@floe/workflow';
import { z } from 'zod';
import { expressionField, isFew, nameField, TOO_MANY } from '../measures/measure-fields.ts';
import { checkMeasures, measureDemand } from '../measures/measure-programs.ts';

// What is longer is a document of its own.
const TEXT_LENGTH_MAX = 2_000;

const config = z.strictObject({
  values: z
    .record(nameField(), z.union([z.string().max(TEXT_LENGTH_MAX), z.number(), z.boolean()]))
    .refine(isFew, TOO_MANY)
    .optional()
    .describe(
      'What is so, by name, like `owner: analytics`; a text may hold `${{ params.name }}`.',
    ),
  computed: z
    .record(nameField(), expressionField())
    .refine(isFew, TOO_MANY)
    .optional()
    .describe(
      'What the rows of the input say, by name: Polars expressions that gather them, like `newest: pl.col("day").max()`.',
    ),
});

const NOT_SHOWN = new Set<DataType['kind']>(['binary', 'list', 'array', 'struct']);

export const storeWorkflowMetadata: TaskDefinition<typeof config> = {
  type: 'store_workflow_metadata',
  description: 'Keeps facts about its workflow, by name, as the newest run says them.',
  config,
  inputs: { min: 0, max: 1 },
  produces: 'nothing',
  outside: 'changed',
  takesItems: false,
  lane: 'slot',
  textFields: ['values', 'computed'],
  connections: () => [],
  outputSchema: ({ config: { values = {}, computed = {} }, inputs, params }) => {
    checkNames(values, computed);
    const [first] = Object.keys(computed);
    if (first !== undefined && inputs.size === 0)
      throw wrong(`computed.${first}`, 'it needs rows', 'Name the task in `inputs: [task]`.');
    checkMeasures(computed, {
      field: 'computed',
      inputs,
      params,
      fits: ({ kind }) => !NOT_SHOWN.has(kind),
      wanted: 'a text, a number, a time or true and false',
    });
    return undefined;
  },
  demand: ({ config: { computed = {} }, inputs }) =>
    Object.keys(computed).length === 0 ? undefined : measureDemand(computed, inputs),
};

function checkNames(
  values: Readonly<Record<string, unknown>>,
  computed: Readonly<Record<string, unknown>>,
): void {
  const twice = Object.keys(computed).find((name) => Object.hasOwn(values, name));
  if (twice !== undefined)
    throw wrong(`computed.${twice}`, '`values` has this name, too', 'Rename one of them.');
  if (Object.keys(values).length + Object.keys(computed).length > 0) return;
  throw wrong('values', 'nothing is said', 'Write `values: { owner: analytics }`, or `computed:`.');
}

function wrong(field: string, message: string, hint: string): FloeError {
  return new FloeError('EXPRESSION_INVALID', message, { violations: [{ field, message, hint }] });
}
