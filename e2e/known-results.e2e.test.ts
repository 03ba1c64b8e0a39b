/** Hunts work that is done again for nothing, and, worse, a result that is used although it is another's. */
import { setTimeout as delay } from 'node:timers/promises';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { awaitRunEnd } from './support/await-run.ts';
import { prepareConnections } from './support/prepare-connections.ts';
import { startTestFloe, type TestFloe } from './support/test-floe.ts';

const WITHIN = { withinMs: 60_000 };
const TTL_MS = 5_000;

const document = (factor: number) => `name: kept
tasks:
  numbers:
    type: postgres_extract
    connection: source
    query: select n from numbers order by n
  times:
    type: expression_transform
    inputs: [numbers]
    cache: true
    polars: numbers.with_columns(product=pl.col("n") * ${factor})
  seen:
    type: postgres_extract
    connection: source
    query: select count(*) as seen from numbers
    cache: ${TTL_MS / 1_000}s
  store:
    type: postgres_load
    inputs: [times]
    connection: warehouse
    table: public.products
    mode: replace
`;

let floe: TestFloe;

beforeAll(async () => {
  floe = await startTestFloe({ executors: 2, slots: 1 });
  await prepareConnections(floe);
  await floe.sql('create table numbers as select n from generate_series(1, 1000) as n');
  await floe.sql('create table products (n integer, product bigint)');
  await floe.client.applyWorkflow(document(2));
});

afterAll(() => floe?.[Symbol.asyncDispose]());

type Done = {
  readonly runId: string;
  readonly cachedFrom: Record<string, string>;
  readonly sum: number;
};

async function runOnce(options: { readonly ignoreCache?: boolean } = {}): Promise<Done> {
  const { run } = await floe.client.startRun({ workflowName: 'kept', ...options });
  const { state, failure } = await awaitRunEnd(floe.client, run.runId, WITHIN);
  expect(state, failure?.message).toBe('RUN_STATE_SUCCEEDED');
  const { taskRuns } = await floe.client.listTaskRuns(run.runId);
  const known = taskRuns.filter(({ cachedFromRunId }) => cachedFromRunId !== '');
  const cachedFrom = Object.fromEntries(known.map((task) => [task.taskId, task.cachedFromRunId]));
  const [row] = await floe.sql<{ sum: number }>('select sum(product)::int as sum from products');
  return { runId: run.runId, cachedFrom, sum: row!.sum };
}

test('work is done once for the same text and content, and again when either is another', async () => {
  const first = await runOnce();
  expect(first).toMatchObject({ cachedFrom: {}, sum: 1_001_000 });
  const second = await runOnce();
  const { runId } = first;
  expect(second).toMatchObject({ cachedFrom: { times: runId, seen: runId }, sum: 1_001_000 });
  const shown = await floe.floe(['runs', 'get', second.runId]);
  expect(shown.stdout).toContain(`from the cache: made by run ${runId}`);

  await floe.sql('update numbers set n = 2000 where n = 1000');
  const changed = await runOnce();
  expect(changed.cachedFrom['times']).toBeUndefined();
  expect(changed.sum).toBe(1_003_000);

  await floe.client.applyWorkflow(document(3));
  const other = await runOnce();
  expect(other.cachedFrom['times']).toBeUndefined();
  expect(other.sum).toBe(1_504_500);
  expect((await runOnce()).cachedFrom['times']).toBe(other.runId);
});

test('what was read outside is read again once it is as old as its document allows', async () => {
  const { runId } = await runOnce({ ignoreCache: true });
  expect((await runOnce()).cachedFrom['seen']).toBe(runId);
  await delay(TTL_MS);
  expect((await runOnce()).cachedFrom['seen']).toBeUndefined();
});

test('a run that ignores the cache does all of its work, and leaves it to the next', async () => {
  await runOnce();
  const words = ['run', 'kept', '--no-cache', '--json'];
  const { code, stdout, stderr } = await floe.floe(words);
  expect(code, stderr).toBe(0);
  const { run, tasks } = JSON.parse(stdout) as {
    run: { runId: string };
    tasks: { cachedFromRunId: string; attemptCount: number }[];
  };
  expect(tasks.map((task) => [task.cachedFromRunId, task.attemptCount])).toEqual(
    tasks.map(() => ['', 1]),
  );
  expect((await runOnce()).cachedFrom['times']).toBe(run.runId);
});
