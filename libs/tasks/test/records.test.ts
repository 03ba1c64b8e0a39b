/** Hunts numbers and facts that are recorded half, of the wrong rows, or shown although they are masked. */
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { datasetFromCsv } from '@floe/frame';
import { checkTypes } from '@floe/plan';
import { parseWorkflow } from '@floe/workflow';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { TASK_TYPES } from '../src/index.ts';
import { RUNNERS, type TaskContext } from '../src/run.ts';
import type { TaskInput } from '../src/runner.ts';
import { createContext } from './task-context.ts';

const address = { host: 'nowhere', port: 1, database: 'd', user: 'u', password: 'p' };
let folder: string;
let orders: TaskInput;
let none: TaskInput;

async function inputOf(taskId: string, csv: string): Promise<TaskInput> {
  const [from, to] = [join(folder, `${taskId}.csv`), join(folder, `${taskId}.ipc`)];
  await writeFile(from, csv);
  return { taskId, dataset: { uri: pathToFileURL(to).href, ...(await datasetFromCsv(from, to)) } };
}

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'floe-records-'));
  const head = 'status,amount,day,email\n';
  orders = await inputOf(
    'orders',
    `${head}open,10.5,2026-01-01,a@b.c\npaid,2,2026-01-03,d@e.f\nopen,1,2026-01-02,g@h.i\n`,
  );
  none = await inputOf('none', head);
});
afterAll(() => rm(folder, { recursive: true }));

type Given = { readonly inputs?: readonly TaskInput[]; readonly masked?: readonly string[] };
const LIMIT: TaskContext['params'] = {
  limit: { kind: 'integer', value: '2' },
  since: { kind: 'date', value: '2026-01-01' },
};

function run(type: string, config: object, { inputs = [orders], masked = [] }: Given = {}) {
  const given = { config: config as Record<string, unknown>, inputs, masked, params: LIMIT };
  const context = createContext({ folder, address, ...given });
  return { context, done: RUNNERS[type]!(context) };
}

test('numbers come from expressions over the rows, from parameters and from the document', async () => {
  const metrics = {
    open: '(pl.col("status") == "open").sum() # of all days',
    share: 'pl.len() / ${{ params.limit }}',
    has_large: '(pl.col("amount") > 10).any()',
    goal: 7,
  };
  const { context, done } = run('update_metrics', {
    metrics,
    units: { open: 'orders' },
    kind: 'data_quality',
  });
  expect(await done).toEqual({ rows: 3, bytes: 0 });
  const type = 'data_quality';
  expect(context.records).toEqual([
    {
      kind: 'metrics',
      metrics: [
        { name: 'open', value: 2, unit: 'orders', type },
        { name: 'share', value: 1.5, unit: '', type },
        { name: 'has_large', value: 1, unit: '', type },
        { name: 'goal', value: 7, unit: '', type },
      ],
    },
  ]);
});

test('without rows numbers are those of the document and of parameters', async () => {
  const metrics = { goal: 7, limit: '${{ params.limit }}' };
  const { context, done } = run('update_metrics', { metrics }, { inputs: [] });
  await done;
  expect(context.records).toMatchObject([
    {
      metrics: [
        { name: 'goal', value: 7, type: 'custom' },
        { name: 'limit', value: 2 },
      ],
    },
  ]);
});

test.each([
  ['a column of many rows', { x: 'pl.col("amount")' }, 'ARGUMENT_INVALID', '3 values'],
  ['no rows to gather', { x: 'pl.col("amount").max()' }, 'VALUE_INVALID', 'there is none'],
  ['what is no number', { x: 'pl.len() / 0' }, 'VALUE_INVALID', 'Infinity'],
])('%s is no metric, and nothing is recorded', async (what, metrics, code, words) => {
  const inputs = [what === 'no rows to gather' ? none : orders];
  const { context, done } = run('update_metrics', { metrics: { ok: 1, ...metrics } }, { inputs });
  await expect(done).rejects.toMatchObject({ code, message: expect.stringContaining(words) });
  expect(context.records).toEqual([]);
});

test('facts come from the document, from parameters and from the rows', async () => {
  const { context, done } = run('store_workflow_metadata', {
    values: { owner: 'sales', since: 'from ${{ params.since }} on', is_final: false, level: 3 },
    computed: { newest: 'pl.col("day").max()', orders: 'pl.len()', first: 'pl.col("day").first()' },
  });
  await done;
  expect(context.records).toEqual([
    {
      kind: 'workflow_metadata',
      entries: {
        owner: 'sales',
        since: 'from 2026-01-01 on',
        is_final: false,
        level: 3,
        newest: '2026-01-03',
        orders: 3,
        first: '2026-01-01',
      },
    },
  ]);
});

test('facts show nothing of masked columns, and what there is none of is null', async () => {
  const computed = { who: 'pl.col("email").max().str.to_uppercase()', orders: 'pl.len()' };
  const hidden = run('store_workflow_metadata', { computed }, { masked: ['email'] });
  await hidden.done;
  expect(hidden.context.records).toMatchObject([{ entries: { who: '***', orders: 3 } }]);
  const empty = run('store_workflow_metadata', { computed }, { inputs: [none] });
  await empty.done;
  expect(empty.context.records).toMatchObject([{ entries: { who: null, orders: 0 } }]);
});

const documentOf = (task: string) => `
name: measured
params: { word: { type: string, default: x } }
tasks:
  orders: { type: file_extract, path: orders.csv, columns: [id: Int64, status: String] }
  measure: { ${task} }
`;

function violationsOf(task: string) {
  const { workflow, source } = parseWorkflow(documentOf(task), { taskTypes: TASK_TYPES });
  return checkTypes(workflow, { taskTypes: TASK_TYPES, described: new Map(), source }).violations;
}

const METRICS = 'type: update_metrics, inputs: [orders], metrics:';
const FACTS = 'type: store_workflow_metadata, inputs: [orders], computed:';

test.each([
  [`${METRICS} { a: pl.len(), b: pl.col("idd").max() }`, 'metrics.b', 'idd'],
  [`${METRICS} { a: pl.col("status").max() }`, 'metrics.a', 'string, not a number'],
  [`${METRICS} { a: "pl.len(" }`, 'metrics.a', ''],
  [`${METRICS} { a: 1 }, units: { b: rows }`, 'units.b', 'no metric'],
  ['type: update_metrics, metrics: { a: pl.len() }', 'metrics.a', 'needs rows'],
  ['type: update_metrics, metrics: { a: "${{ params.word }}" }', 'metrics.a', 'no number'],
  [`${FACTS} { a: pl.col("id").implode() }`, 'computed.a', 'not a text'],
  [`${FACTS} { a: pl.len() }, values: { a: 1 }`, 'computed.a', 'this name'],
  ['type: store_workflow_metadata', 'values', 'nothing is said'],
])('%s is an error of the document, at its place', (task, field, words) => {
  expect(violationsOf(task)).toMatchObject([
    { field: `tasks.measure.${field}`, message: expect.stringContaining(words) },
  ]);
});

test.each([
  [`${METRICS} { node_rows: 1 }`, 'node_'],
  [`${METRICS} { Late: 1 }`, 'lower-case'],
  ['type: update_metrics, metrics: {}', 'names no metric'],
  [`${METRICS} { a: 1 }, foreach: { items: [x] }`, 'cannot go through items'],
])('%s is refused', (task, words) => {
  expect(() => violationsOf(task)).toThrow(
    expect.objectContaining({
      violations: [expect.objectContaining({ message: expect.stringContaining(words) })],
    }),
  );
});

test('columns that nothing measures need not be brought in', () => {
  const type = TASK_TYPES.get('update_metrics')!;
  const { schema } = orders.dataset;
  const config = { metrics: { late: 'pl.col("amount").max()', count: 1 } };
  const inputs = new Map([['orders', schema]]);
  const wanted = type.demand?.({ config, inputs, params: {}, described: undefined })?.get('orders');
  expect(wanted?.columns).toEqual(['amount']);
});
