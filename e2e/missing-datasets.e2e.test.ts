/** Hunts a run that cannot go on because rows are gone that it could make again; and one that loads twice for it. */
import { rm } from 'node:fs/promises';
import { dirname } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { TaskRun } from '@floe/client';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { awaitRunEnd, awaitTaskState } from './support/await-run.ts';
import { prepareConnections } from './support/prepare-connections.ts';
import { startTestFloe, type TestFloe } from './support/test-floe.ts';

const WITHIN = { withinMs: 60_000 };

// The person between the tasks gives the test the time in which rows are lost.
const GATED = `name: gated
tasks:
  numbers:
    type: postgres_extract
    connection: source
    query: select n from generate_series(1, 1000) as n
  doubled:
    type: expression_transform
    inputs: [numbers]
    polars: numbers.with_columns(twice=pl.col("n") * 2)
  gate: { type: approval, message: Go on?, needs: [doubled] }
  store:
    type: postgres_load
    inputs: [doubled]
    needs: [gate]
    connection: warehouse
    table: public.doubled
    mode: append
`;

let floe: TestFloe;

beforeAll(async () => {
  floe = await startTestFloe({ executors: 1, slots: 2 });
  await prepareConnections(floe);
  await floe.sql('create table doubled (n integer, twice bigint)');
  await floe.client.applyWorkflow(GATED);
});

afterAll(() => floe?.[Symbol.asyncDispose]());

async function tasksOf(runId: string): Promise<Record<string, TaskRun>> {
  const { taskRuns } = await floe.client.listTaskRuns(runId);
  return Object.fromEntries(taskRuns.map((task) => [task.taskId, task]));
}

async function countRows(): Promise<object[]> {
  return floe.sql('select count(*)::int as rows, sum(twice)::int as sum from doubled');
}

/** As the collection of datasets by age would, or a disk that is lost. */
async function loseDatasets(tasks: readonly (TaskRun | undefined)[]): Promise<void> {
  for (const task of tasks) {
    const path = fileURLToPath(task!.dataset!.uri);
    await rm(dirname(path), { recursive: true });
  }
}

test('rows that are gone are made again, as far up as they are gone, and loaded once', async () => {
  const { run } = await floe.client.startRun({ workflowName: 'gated' });
  const { runId } = run;
  const asks = { taskId: 'gate', state: 'TASK_STATE_RUNNING', ...WITHIN } as const;
  await awaitTaskState(floe.client, runId, asks);
  const { numbers } = await tasksOf(runId);
  await loseDatasets([numbers]);
  await floe.client.approveTask(runId, 'gate', { approved: true });
  expect((await awaitRunEnd(floe.client, runId, WITHIN)).state).toBe('RUN_STATE_SUCCEEDED');
  expect(await countRows()).toEqual([{ rows: 1_000, sum: 1_001_000 }]);
  expect(await tasksOf(runId)).toMatchObject({
    numbers: { recomputeCount: 1, rows: '1000' },
    doubled: { recomputeCount: 1, rows: '1000' },
    gate: { recomputeCount: 0 },
    store: { recomputeCount: 0, attemptCount: 1, rows: '1000' },
  });
  const shown = await floe.floe(['runs', 'get', runId]);
  expect(shown.stdout).toMatch(/numbers.*done again: its dataset had gone missing/);
});

test('a run that keeps results whose rows are gone makes them again', async () => {
  const [first] = (await floe.client.listRuns({ workflowName: 'gated' })).runs;
  const { numbers } = await tasksOf(first!.runId);
  await loseDatasets([numbers]);
  const again = await floe.client.retryRun(first!.runId, { fromTaskId: 'store' });
  expect((await awaitRunEnd(floe.client, again.runId, WITHIN)).state).toBe('RUN_STATE_SUCCEEDED');
  expect(await countRows()).toEqual([{ rows: 2_000, sum: 2_002_000 }]);
  const { doubled, gate, store } = await tasksOf(again.runId);
  expect([doubled, gate, store].map((task) => task?.recomputeCount)).toEqual([1, 0, 0]);
});
