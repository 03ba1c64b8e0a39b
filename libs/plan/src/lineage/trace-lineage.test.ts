/** Lineage over several tasks: what one program says of its result, two tasks in a row say of theirs. */
import { columnLineage, parseProgram, type Schema } from '@floe/expression';
import { parseWorkflow, type TaskDefinition } from '@floe/workflow';
import { expect, test } from 'vitest';
import { z } from 'zod';
import { checkTypes } from '../check-types.ts';
import { lineageEdges } from './lineage-edges.ts';
import type { DatasetLineage, LineageSource } from './source.ts';
import { traceLineage } from './trace-lineage.ts';

const aTaskType = (rest: Partial<TaskDefinition> & { type: string }): TaskDefinition => ({
  description: '',
  config: z.strictObject({ polars: z.string().optional() }),
  inputs: { min: 0, max: 4 },
  produces: 'dataset',
  lane: 'slot',
  outside: 'read',
  textFields: [],
  connections: () => [],
  outputSchema: ({ described }) => described,
  ...rest,
});

const schemasOf = (inputs: ReadonlyMap<string, Schema | undefined>) =>
  Object.fromEntries([...inputs].map(([name, schema]) => [name, schema ?? []]));

const taskTypes = new Map(
  [
    aTaskType({ type: 'read' }),
    aTaskType({
      type: 'polars',
      outputSchema: ({ config, inputs }) => {
        if ([...inputs.values()].includes(undefined)) return undefined;
        const program = parseProgram(String(config['polars']), { inputs: [...inputs.keys()] });
        return columnLineage(program, schemasOf(inputs)).columns.map(({ name }) => ({
          name,
          type: { kind: 'unknown' },
        }));
      },
      lineage: ({ config, inputs }) => {
        if ([...inputs.values()].includes(undefined)) return undefined;
        const program = parseProgram(String(config['polars']), { inputs: [...inputs.keys()] });
        return columnLineage(program, schemasOf(inputs));
      },
    }),
    aTaskType({ type: 'unread', outputSchema: () => [{ name: 'z', type: { kind: 'unknown' } }] }),
    aTaskType({ type: 'write', produces: 'nothing' }),
  ].map((definition) => [definition.type, definition]),
);

const COLUMNS: Schema = ['k', 'x', 'y'].map((name) => ({ name, type: { kind: 'int64' } }));

const identity = (dataset: string, column: string): LineageSource => ({
  dataset,
  column,
  how: 'value',
  transformation: 'identity',
  isMasked: false,
  certainty: 'exact',
});

const table = (dataset: string): DatasetLineage => ({
  columns: COLUMNS.map(({ name }) => ({ name, sources: [identity(dataset, name)] })),
  dependencies: [],
});

function trace(tasks: string) {
  const text = `name: w\ntasks:\n  a: { type: read }\n  b: { type: read }\n${tasks}`;
  const { workflow, source } = parseWorkflow(text, { taskTypes });
  const described = new Map([
    ['a', COLUMNS],
    ['b', COLUMNS],
  ]);
  const { schemas } = checkTypes(workflow, { taskTypes, described, source });
  const reads = new Map([
    ['a', table('A')],
    ['b', table('B')],
  ]);
  return { workflow, lineage: traceLineage(workflow, { taskTypes, schemas, reads }) };
}

const polars = (id: string, inputs: string, text: string) =>
  `  ${id}: { type: polars, inputs: [${inputs}], polars: '${text}' }\n`;

test.each([
  ['.select("k", n=pl.col("x") + 1)', '.filter(pl.col("n") > 0).rename({"n": "m"})'],
  [
    '.group_by("k").agg(pl.col("x").sum(), n=pl.col("y").n_unique())',
    '.sort("x").select("k", "n")',
  ],
  ['.join(b, on="k", how="left")', '.with_columns(x=pl.col("x_right") * 2).unique("y")'],
  [
    '.with_columns(w=pl.col("x").sum().over("k"))',
    '.select(pl.when(pl.col("w") > 1).then(pl.col("y")))',
  ],
])('%s and then %s is the same as both in one task', (first, second) => {
  const { lineage } = trace(
    polars('one', 'a, b', `a${first}${second}`) +
      polars('first', 'a, b', `a${first}`) +
      polars('second', 'first', `first${second}`),
  );
  const [one, two] = [lineage.get('one')!, lineage.get('second')!];
  expect(sorted(two)).toEqual(sorted(one));
});

const byText = (sources: readonly LineageSource[]) =>
  sources.map((each) => JSON.stringify(each)).toSorted();
const sorted = ({ columns, dependencies }: DatasetLineage) => ({
  columns: columns.map(({ name, sources }) => [name, byText(sources)]),
  dependencies: byText(dependencies),
});

test('a task type without a rule is opaque: each of its columns may come from all that it reads', () => {
  const { lineage } = trace('  z: { type: unread, inputs: [a, b] }\n');
  const sources = lineage.get('z')!.columns[0]!.sources;
  expect(sources.map(({ dataset, column, certainty }) => [dataset, column, certainty])).toEqual([
    ['A', '', 'opaque'],
    ['B', '', 'opaque'],
  ]);
});

test('edges are those of tables and of what nobody reads; datasets between tasks are left out', () => {
  const { workflow, lineage } = trace(
    `${polars('m', 'a', 'a.select("k", p=pl.col("x"))')}  w: { type: write, inputs: [m] }\n`,
  );
  const columns = [['k', 'key'] as const, ['p', 'price'] as const];
  const edges = lineageEdges(workflow, lineage, new Map([['w', { dataset: 'T', columns }]]));
  const lines = edges.map((edge) => {
    const target = `${edge.targetDataset}.${edge.targetColumn}`;
    return `${edge.dataset}.${edge.column} -> ${target} by ${edge.taskId}`;
  });
  expect(lines).toEqual([
    'B.k -> floe://w/b.k by b',
    'B.x -> floe://w/b.x by b',
    'B.y -> floe://w/b.y by b',
    'A.k -> T.key by w',
    'A.x -> T.price by w',
  ]);
});
