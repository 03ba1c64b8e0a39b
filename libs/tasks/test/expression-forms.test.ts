/** The three forms of expression_transform: the same question gives the same answer, and each says what is wrong with it. */
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { ParameterValue, Schema } from '@floe/expression';
import { datasetFromCsv, previewDataset, type DatasetFacts } from '@floe/frame';
import { pathToFileURL } from 'node:url';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { expressionTransform } from '../src/expression_transform/definition.ts';
import { runExpressionTransform } from '../src/expression_transform/run.ts';
import type { TaskInput } from '../src/runner.ts';
import { createContext } from './task-context.ts';

let folder: string;
let inputs: readonly TaskInput[];
const address = { host: '', port: 0, user: '', password: '', database: '' };

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'floe-forms-'));
  inputs = [
    await tableOf('flights', 'origin,delay\nOSL,30\nOSL,5\nBGO,20\nTRD,\nBGO,40\n'),
    await tableOf('airports', 'origin,city\nOSL,Oslo\nBGO,Bergen\n'),
  ];
});
afterAll(() => rm(folder, { recursive: true }));

async function tableOf(name: string, csv: string): Promise<TaskInput> {
  const [source, target] = [join(folder, `${name}.csv`), join(folder, `${name}.ipc`)];
  await writeFile(source, csv);
  const facts: DatasetFacts = await datasetFromCsv(source, target);
  const dataset = { uri: pathToFileURL(target).href, format: 'arrow-ipc', ...facts };
  return { taskId: name, dataset } as unknown as TaskInput;
}

async function run(
  config: Readonly<Record<string, unknown>>,
  params: Readonly<Record<string, ParameterValue>> = {},
): Promise<unknown> {
  const context = createContext({ folder, address, config, inputs, params });
  await runExpressionTransform(context);
  const { schema, rows } = await previewDataset(context.outputPath, 100);
  return { names: schema.map(({ name }) => name), rows };
}

const POLARS = `
late = flights.filter(pl.col("delay") > 10)
late.group_by("origin").agg(pl.len().alias("n"), worst=pl.col("delay").max()).join(
    airports, on="origin", how="left"
).sort("origin")`;
const STEPS = [
  { filter: 'pl.col("delay") > 10' },
  { group_by: { by: ['origin'], agg: { n: 'pl.len()', worst: 'pl.col("delay").max()' } } },
  { join: { other: 'airports', on: 'origin', how: 'left' } },
  { sort: 'origin' },
];
const SQL = `
select origin, n, worst, city from (
  select origin, count(*) as n, max(delay) as worst from flights where delay > 10 group by origin) as late
left join airports using (origin) order by origin;`;

test('polars, steps and sql give the same', async () => {
  const wanted = {
    names: ['origin', 'n', 'worst', 'city'],
    rows: [
      ['BGO', 2, 40, 'Bergen'],
      ['OSL', 1, 30, 'Oslo'],
    ],
  };
  expect(await run({ polars: POLARS })).toEqual(wanted);
  expect(await run({ steps: STEPS })).toEqual(wanted);
  expect(await run({ sql: SQL })).toEqual(wanted);
});

test('parameters are bound in each form', async () => {
  const params = {
    least: { kind: 'integer', value: '20' },
    where: { kind: 'string', value: "O'SL' or 1=1 --" },
  } as const;
  const more = { ...params, where: { kind: 'string', value: 'BGO' } } as const;
  const forms = [
    {
      polars:
        'flights.filter(pl.col("delay") > ${{ params.least }}, pl.col("origin") == ${{ params.where }})',
    },
    {
      steps: [
        { filter: 'pl.col("delay") > ${{ params.least }}' },
        { filter: 'pl.col("origin") == ${{ params.where }}' },
      ],
    },
    {
      sql: 'select * from flights where delay > ${{ params.least }} and origin = ${{params.where}}',
    },
  ];
  for (const form of forms) {
    expect(await run(form, params)).toMatchObject({ rows: [] });
    expect(await run(form, more)).toMatchObject({ rows: [['BGO', 40]] });
  }
});

const SCHEMAS: ReadonlyMap<string, Schema> = new Map<string, Schema>([
  [
    'flights',
    [
      { name: 'origin', type: { kind: 'string' } },
      { name: 'delay', type: { kind: 'int64' } },
    ],
  ],
  ['airports', [{ name: 'origin', type: { kind: 'string' } }]],
]);

const check = (config: Readonly<Record<string, unknown>>): Schema | undefined =>
  expressionTransform.outputSchema?.({
    config: expressionTransform.config.parse(config),
    inputs: SCHEMAS,
    params: {},
    described: undefined,
  });

test('steps are checked as a text is, and say which step is wrong', () => {
  expect(check({ steps: [{ filter: 'pl.col("delay") > 1' }, { select: ['origin'] }] })).toEqual([
    { name: 'origin', type: { kind: 'string' } },
  ]);
  const wrong = {
    steps: [{ head: 5 }, { with_columns: { a: 'pl.col("dealy") + 1' } }, { sort: 'a' }],
  };
  expect(() => check(wrong)).toThrow(
    expect.objectContaining({
      code: 'EXPRESSION_INVALID',
      violations: [
        expect.objectContaining({
          field: 'steps[1]',
          message: expect.stringContaining('step 2: there is no column "dealy"'),
          hint: expect.stringContaining('"delay"'),
        }),
      ],
    }),
  );
  expect(() => check({ steps: [{ head: 1, tail: 1 }] })).toThrow('a step is one operation');
  expect(() => check({ steps: [{ hed: 1 }] })).toThrow('step 1: a frame has no method `.hed`');
});

test('sql is checked as a text is: its columns are known, and what it may read', () => {
  expect(check({ sql: 'select origin, delay + 1 as later from flights' })).toEqual([
    { name: 'origin', type: { kind: 'string' } },
    { name: 'later', type: { kind: 'int64' } },
  ]);
  expect(() => check({ sql: 'select * from flihgts' })).toThrow('none of the inputs');
  expect(() => check({ sql: 'drop table flights' })).toThrow('`sql` is one SELECT');
  expect(() => check({ sql: 'select 1 from flights; select 2' })).toThrow('one statement only');
  expect(() => check({ sql: "select * from flights, read_csv('/etc/passwd')" })).toThrow(
    '`read_csv`',
  );
  expect(() => check({ sql: 'select * from flights, "scan_parquet"(1)' })).toThrow(
    '`scan_parquet`',
  );
  expect(() => check({ sql: "select '${{ params.a }}' from flights" })).toThrow('inside quotes');
  expect(() => check({ sql: "select 'open from flights" })).toThrow('not closed');
});

test('sql with a function or a column that is not there is refused in words', async () => {
  expect(() => check({ sql: "select date_trunc('month', delay) from flights" })).toThrow(
    /date_trunc/i,
  );
  await expect(run({ sql: 'select nothing from flights' })).rejects.toMatchObject({
    code: 'EXPRESSION_INVALID',
    message: expect.stringContaining('nothing'),
  });
});

test('a transform has one form', () => {
  expect(expressionTransform.config.safeParse({}).success).toBe(false);
  expect(expressionTransform.config.safeParse({ polars: 'a', sql: 'b' }).success).toBe(false);
});
