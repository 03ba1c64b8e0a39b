import {
  checkProgram,
  columnLineage,
  explainProgram,
  inputDemand,
  neverFails,
  type Schema,
  type SqlProgram,
  type StepsText,
  whyNotRowWise,
} from '@floe/expression';
import type { TaskDefinition } from '@floe/workflow';
import { z } from 'zod';
import { parameterTypes } from '../parameter-types.ts';
import {
  atSteps,
  programOf,
  sourceOf,
  type TransformConfig,
  type TransformSource,
} from './source.ts';

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
        'One SELECT of Polars SQL over the inputs: the same tree as `polars`, with types and lineage.',
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
  fusion({ config, inputs }) {
    const source = knownSource(config, inputs);
    // What SQL means follows from the columns of its inputs, which are known for certain once they are stored.
    if (source.kind === 'sql') return 'nowhere';
    return neverFails(source.program) ? 'anywhere' : 'last';
  },
  textFields: ['polars', 'steps', 'sql'],
  connections: () => [],
  outputSchema: ({ config, inputs, params }) => {
    const source = knownSource(config, [...inputs.keys()]);
    const known = allKnown(inputs);
    if (known === undefined) return undefined;
    const context = { inputs: known, parameters: parameterTypes(params) };
    const found = programOf(source, context);
    if (found.kind === 'opaque') return undefined;
    return atSteps(stepsOf(source), () => checkProgram(found.program, context));
  },
  demand: ({ config, inputs }) => {
    const found = foundProgram(config, inputs);
    if (found?.kind !== 'program') return undefined;
    const { program, known } = found;
    return new Map([...inputs.keys()].map((name) => [name, inputDemand(program, known, name)]));
  },
  whyWhole: ({ config, inputs }) => {
    const found = foundProgram(config, inputs);
    if (found === undefined) return 'the columns of its input are not known before the run';
    if (found.kind === 'opaque') return 'what its `sql` does to each row is not known';
    return whyNotRowWise(found.program, found.known);
  },
  explain: ({ config, inputs }) => {
    const found = foundProgram(config, inputs);
    if (found === undefined) return [];
    return found.kind === 'opaque'
      ? [sayOpaque(found)]
      : explainProgram(found.program, found.known);
  },
  lineage: ({ config, inputs }) => {
    const found = foundProgram(config, inputs);
    return found?.kind === 'program' ? columnLineage(found.program, found.known) : undefined;
  },
};

type Inputs = ReadonlyMap<string, Schema | undefined>;
type Found = SqlProgram & { readonly known: Readonly<Record<string, Schema>> };

/** What is known of a transform over these inputs; undefined where the columns of one are not. */
function foundProgram(config: TransformConfig, inputs: Inputs): Found | undefined {
  const source = knownSource(config, [...inputs.keys()]);
  const known = allKnown(inputs);
  return known && { ...programOf(source, { inputs: known }), known };
}

function sayOpaque({ what, line, column }: Extract<SqlProgram, { kind: 'opaque' }>): string {
  const place = `line ${line}, column ${column}`;
  return `Polars runs the query as it stands: ${what} (${place}) is not followed, so its columns have no types before it runs, and its lineage is that of whole tables`;
}

const stepsOf = (source: TransformSource): StepsText | undefined =>
  source.kind === 'program' ? source.steps : undefined;

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

function allKnown(inputs: Inputs): Readonly<Record<string, Schema>> | undefined {
  const known: Record<string, Schema> = {};
  for (const [name, schema] of inputs) {
    if (schema === undefined) return undefined;
    known[name] = schema;
  }
  return known;
}
