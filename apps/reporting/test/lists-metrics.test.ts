import { openControlDatabase, type ControlDatabase } from '@floe/database';
import { ListMetricsRequest, type Metric } from '@floe/rpc/contracts';
import { sql } from 'kysely';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { startFixture, type Fixture } from './reporting-fixture.ts';
import { storeRun } from './stored-run.ts';

let fixture: Fixture;
let metadata: ControlDatabase;
let runId: string;

const AT = Date.now() - 60_000;

beforeAll(async () => {
  fixture = await startFixture();
  metadata = openControlDatabase({
    url: fixture.databaseUrl,
    role: 'floe_metadata',
    applicationName: 'test-metadata',
    connectionsMax: 1,
  });
  const times = { readyAt: AT, startedAt: AT + 500, endedAt: AT + 2_000 };
  runId = await storeRun(fixture.db, {
    state: 'succeeded',
    createdAt: AT,
    endedAt: AT + 2_500,
    tasks: [
      { taskId: 'flights', type: 'postgres_extract', state: 'succeeded', rows: 100, ...times },
      {
        taskId: 'store',
        type: 'postgres_load',
        state: 'succeeded',
        rows: 40,
        peakMemoryBytes: 7_000,
        ...times,
      },
      { taskId: 'rest', state: 'skipped' },
    ],
  });
  const row = { run_id: runId, task_id: 'store', epoch: 1, unit: 'flights', type: 'data_quality' };
  await metadata.db
    .insertInto('metric')
    .values([
      { ...row, name: 'late flights', value: 12.5 },
      { ...row, name: 'a first one', value: 3 },
    ])
    .execute();
});

afterAll(async () => {
  await metadata.close();
  await fixture.stop();
});

async function list(request: Partial<ListMetricsRequest>): Promise<Metric[]> {
  const metrics: Metric[] = [];
  let pageToken = '';
  do {
    const page = await fixture.client.listMetrics(
      ListMetricsRequest.create({ runId, ...request, pageToken }),
    );
    if (request.pageSize) expect(page.metrics.length).toBeLessThanOrEqual(request.pageSize);
    metrics.push(...page.metrics);
    pageToken = page.nextPageToken;
  } while (pageToken !== '');
  return metrics;
}

const valuesOf = (metrics: readonly Metric[]) =>
  Object.fromEntries(metrics.map(({ name, value }) => [name, value]));

test('a run has its totals under the names that are in use, and its tasks have theirs', async () => {
  const metrics = await list({});
  const own = valuesOf(metrics.filter(({ taskId }) => taskId === ''));
  expect(own).toMatchObject({
    total_rows_processed: 40,
    total_execution_time: 2.5,
    total_nodes_executed: 2,
    peak_memory: 7_000,
  });
  const flights = valuesOf(metrics.filter(({ taskId }) => taskId === 'flights'));
  expect(flights).toMatchObject({
    node_rows_processed: 100,
    node_execution_time: 1.5,
    node_queue_time: 0.5,
  });
  expect(metrics.filter(({ taskId }) => taskId === 'rest')).toEqual([]);
});

test('what a task recorded stands among the rest, by name', async () => {
  const metrics = await list({ taskId: 'store' });
  const names = metrics.map(({ name }) => name);
  expect(names).toEqual(names.toSorted());
  expect(metrics).toContainEqual(
    expect.objectContaining({
      name: 'late flights',
      value: 12.5,
      unit: 'flights',
      type: 'data_quality',
      taskId: 'store',
    }),
  );
});

test('what a task recorded is in the report of the run and in its summary', async () => {
  const { report } = await fixture.client.getRunReport({ runId });
  expect(report?.metrics.map(({ taskId, name, value }) => [taskId, name, value])).toEqual([
    ['store', 'a first one', 3],
    ['store', 'late flights', 12.5],
  ]);
  const { content } = await fixture.client.getArtifact({ artifactId: `${runId}.summary` });
  expect(Buffer.from(content).toString()).toContain('| store | late flights | 12.5 | flights |');
});

test('what a task recorded stands under the name of the replaced service, too', async () => {
  const { rows } = await sql<Record<string, unknown>>`
    select node_id, metric_value, metric_unit, metric_type from floe.workflow_execution_metrics
    where floe_run_id = ${runId} and metric_name = 'late flights'`.execute(metadata.db);
  expect(rows).toEqual([
    { node_id: 'store', metric_value: 12.5, metric_unit: 'flights', metric_type: 'data_quality' },
  ]);
});

test.each([1, 3, 5])('pages of %i show every metric once', async (pageSize) => {
  expect(await list({ pageSize })).toEqual(await list({}));
  expect(await list({ pageSize, taskId: 'store' })).toEqual(await list({ taskId: 'store' }));
});

test('one name is found over all tasks', async () => {
  const found = await list({ name: 'node_rows_processed', pageSize: 1 });
  expect(found.map(({ taskId, value }) => [taskId, value])).toEqual([
    ['flights', 100],
    ['store', 40],
  ]);
});

test('a metric that is no number is not stored', async () => {
  for (const value of [Number.NaN, Number.POSITIVE_INFINITY]) {
    const row = { run_id: runId, task_id: 'x', name: 'x', epoch: 1, unit: '', type: 'custom' };
    const stored = metadata.db
      .insertInto('metric')
      .values({ ...row, value })
      .execute();
    await expect(stored).rejects.toThrow('metric_value_check');
  }
});
