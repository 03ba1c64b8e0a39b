/**
 * Whole programs behind an extract: what is pushed into it must not change their results. It hunts columns that a
 * program needs without naming them, and filters that would change what another step sees.
 */
import { previewDataset } from '@floe/frame';
import { checkTypes, planPushDown, type PushDown } from '@floe/plan';
import { parseWorkflow } from '@floe/workflow';
import fc from 'fast-check';
import { afterAll, beforeAll, expect, test, vi } from 'vitest';
import { runExpressionTransform } from '../src/expression_transform/run.ts';
import { runPostgresExtract } from '../src/postgres_extract/run.ts';
import { TASK_TYPES } from '../src/registry.ts';
import type { DatasetReference } from '../src/runner.ts';
import { type TestDatabase, startTestDatabase } from './databases.ts';
import { createContext } from './task-context.ts';

/** Hundreds of extracts run: seconds on a free machine, more on a busy one. */
vi.setConfig({ testTimeout: 120_000 });

const QUERY = 'select * from facts';

let database: TestDatabase;
let whole: DatasetReference;

beforeAll(async () => {
  database = await startTestDatabase();
  await database.session.query(
    `create table facts as
     select i as id, i % 3 as k, nullif(i % 5, 0) as x, case when i % 7 = 0 then 'NaN'::float8 else i / 4.0::float8 end as y,
            nullif(chr(97 + i % 4), 'd') as s, i % 2 = 0 as b, date '2001-01-01' + i % 6 as d
     from generate_series(1, 60) i`,
  );
  whole = await extract(undefined);
});
afterAll(() => database.stop());

async function extract(pushed: PushDown | undefined): Promise<DatasetReference> {
  const config = { connection: 'source', query: QUERY, ...(pushed && { pushed }) };
  return (await runPostgresExtract(createContext({ ...database, config }))).dataset!;
}

/** What apply would push for these programs behind the extract `a`; the programs are the tasks p0, p1, ... */
function planned(programs: readonly string[], fields = ''): PushDown | undefined {
  const tasks = programs.map((polars, index) =>
    JSON.stringify({
      [`p${index}`]: { type: 'expression_transform', inputs: ['a'], polars },
    }).slice(1, -1),
  );
  const first = `"a": { "type": "postgres_extract", "connection": "source", "query": "${QUERY}"${fields} }`;
  const { workflow, source } = parseWorkflow(
    `{ "name": "w", "tasks": { ${[first, ...tasks].join(', ')} } }`,
    { taskTypes: TASK_TYPES },
  );
  const described = new Map([['a', whole.schema]]);
  const { schemas, violations } = checkTypes(workflow, {
    taskTypes: TASK_TYPES,
    described,
    source,
  });
  if (violations.length > 0) throw new Error(violations[0]!.message);
  return planPushDown(workflow, { taskTypes: TASK_TYPES, schemas }).get('a');
}

async function resultOf(polars: string, dataset: DatasetReference): Promise<unknown> {
  const context = createContext({
    ...database,
    config: { polars },
    inputs: [{ taskId: 'a', dataset }],
  });
  const { dataset: made } = await runExpressionTransform(context);
  return [made!.schema, (await previewDataset(context.outputPath, 100)).rows];
}

const steps = fc.constantFrom(
  '.filter(pl.col("x") > 2)',
  '.filter((pl.col("s") == "a") | pl.col("b"))',
  '.filter(pl.col("d") >= date(2001, 1, 3), pl.col("y").is_not_null())',
  '.filter(pl.col("y") > pl.col("y").mean())',
  '.filter(pl.col("x") > 1, pl.col("y") > pl.col("y").median())',
  '.filter(pl.col("x").is_in([1, 2, 4]) & (pl.col("x") + pl.col("k") > 2))',
  '.filter(pl.col("x").cum_sum() > 10)',
  '.with_columns(x=pl.col("x") * 2)',
  '.with_columns(n=pl.col("y").rank())',
  '.with_columns(pl.col("x").sum().over("k").alias("w"))',
  '.select("k", "x", "y")',
  '.select(pl.all().exclude("s"))',
  '.select(pl.len())',
  '.drop("s")',
  '.rename({"x": "z"})',
  '.with_row_index("i")',
  '.head(7)',
  '.sort("id", descending=True)',
  '.unique("k", keep="first", maintain_order=True)',
  '.unique(keep="first", maintain_order=True)',
  '.drop_nulls()',
  '.group_by("k", maintain_order=True).agg(pl.col("x").sum(), pl.len())',
  '.join(a.filter(pl.col("x") > 3), on="id", how="left", maintain_order="left_right")',
  '.join(a, on="id", how="inner", maintain_order="left_right").select("id", "x_right")',
);

test('random programs give the same with and without push-down', async () => {
  const pushes = { columns: 0, conditions: 0 };
  const program = fc
    .array(steps, { minLength: 1, maxLength: 4 })
    .map((chain) => `a${chain.join('')}`);
  await fc.assert(
    fc.asyncProperty(fc.array(program, { minLength: 1, maxLength: 2 }), async (programs) => {
      let pushed: PushDown | undefined;
      try {
        pushed = planned(programs);
      } catch {
        // Steps that do not go together, as a name that was renamed before.
        return;
      }
      if (pushed === undefined) return;
      if (pushed.columns !== undefined) pushes.columns += 1;
      if (pushed.conditions.length > 0) pushes.conditions += 1;
      const dataset = await extract(pushed);
      for (const polars of programs)
        expect(await resultOf(polars, dataset)).toEqual(await resultOf(polars, whole));
    }),
    { numRuns: 400 },
  );
  // Far below what 400 programs give, about 30 of each: a guard against programs that push nothing, not a measure of the draw.
  expect(pushes.columns).toBeGreaterThan(5);
  expect(pushes.conditions).toBeGreaterThan(5);
});

test('a filter behind one that looks at all rows stays where it is', () => {
  const push = planned([
    'a.filter(pl.col("y") > pl.col("y").mean()).filter(pl.col("x") > 2).select("id")',
  ]);
  expect(push).toEqual({ columns: ['id', 'x', 'y'], conditions: [] });
});

test('of several tasks the columns are united and the filters are alternatives', () => {
  const push = planned([
    'a.filter(pl.col("x") > 2).select("id")',
    'a.filter(pl.col("b")).select("k")',
  ]);
  expect(push?.columns).toEqual(['id', 'k', 'x', 'b']);
  expect(push?.conditions).toMatchObject([
    { kind: 'any', branches: [[{ column: 'x' }], [{ column: 'b' }]] },
  ]);
  expect(planned(['a.filter(pl.col("x") > 2).select("id")', 'a.select("k")'])?.conditions).toEqual(
    [],
  );
});

test('nothing is left out where the document says so, or where the dataset is there for more than its rows', () => {
  const program = ['a.filter(pl.col("x") > 2).select("id")'];
  expect(planned(program)).toBeDefined();
  expect(planned(program, ', "push_down": false')).toBeUndefined();
  const contract = Object.fromEntries([
    ['id', 'Int32'],
    ['k', 'Int32'],
    ['x', 'Int32'],
    ['y', 'Float64'],
    ['s', 'String'],
    ['b', 'Boolean'],
    ['d', 'Date'],
  ]);
  expect(planned(program, `, "contract": ${JSON.stringify(contract)}`)).toBeUndefined();
  expect(planned([])).toBeUndefined();
});
