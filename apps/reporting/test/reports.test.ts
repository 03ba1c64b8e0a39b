import { openControlDatabase } from '@floe/database';
import { ExecutorState, GetOverviewRequest, GetWorkflowReportRequest } from '@floe/rpc/contracts';
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';
import { startFixture } from './reporting-fixture.ts';
import type { Fixture } from './reporting-fixture.ts';
import { storeRun } from './stored-run.ts';

let fixture: Fixture;

beforeAll(async () => {
  fixture = await startFixture();
});

afterAll(() => fixture.stop());

beforeEach(async () => {
  await fixture.db.deleteFrom('run').execute();
  await fixture.db.deleteFrom('executor').execute();
});

test('a run report adds up rows, attempts and times', async () => {
  const at = Date.now() - 60_000;
  const runId = await storeRun(fixture.db, {
    state: 'succeeded',
    createdAt: at,
    endedAt: at + 5_000,
    tasks: [
      {
        taskId: 'flights',
        type: 'postgres_extract',
        state: 'succeeded',
        rows: 100,
        bytes: 800,
        dataset: { uri: 'file:///x', rows: 100, bytes: 800, schema: [] },
        startedAt: at + 10,
        endedAt: at + 2_000,
        attempts: [
          { state: 'lost', readyAt: at, claimedAt: at + 10, endedAt: at + 500 },
          { state: 'succeeded', readyAt: at + 600, claimedAt: at + 650, endedAt: at + 2_000 },
        ],
      },
      // It has sent rows, and read none.
      { taskId: 'tell', type: 'http', state: 'succeeded', rows: 40 },
      {
        taskId: 'store',
        type: 'postgres_load',
        state: 'succeeded',
        rows: 40,
        startedAt: at + 2_000,
        endedAt: at + 5_000,
        attempts: [
          { state: 'succeeded', readyAt: at + 2_000, claimedAt: at + 2_000, endedAt: at + 5_000 },
        ],
      },
    ],
  });
  const { report } = await fixture.client.getRunReport({ runId });
  expect(report).toMatchObject({
    durationMs: 5_000n,
    rowsExtracted: 100n,
    rowsLoaded: 40n,
    bytes: 800n,
    attemptCount: 3,
    lostAttemptCount: 1,
  });
  expect(report?.tasks[0]).toMatchObject({ queueMs: 50n, runMs: 1_350n, attemptCount: 2 });
});

test('a task with items took from its first attempt to its end', async () => {
  const at = Date.now() - 60_000;
  const of = (begin: number, end: number) =>
    ({ state: 'succeeded', readyAt: at, claimedAt: at + begin, endedAt: at + end }) as const;
  const runId = await storeRun(fixture.db, {
    createdAt: at,
    tasks: [
      {
        taskId: 'each',
        state: 'succeeded',
        items: { total: 2, succeeded: 2, failed: 0 },
        startedAt: at + 10,
        endedAt: at + 9_000,
        attempts: [of(10, 8_900), of(8_920, 9_000)],
      },
    ],
  });
  const { report } = await fixture.client.getRunReport({ runId });
  expect(report?.tasks[0]).toMatchObject({ runMs: 8_990n, attemptCount: 2 });
});

test('the time of a run that goes on counts until now', async () => {
  const at = Date.now() - 60_000;
  fixture.clock.now = at + 7_000;
  const runId = await storeRun(fixture.db, { createdAt: at });
  const { report } = await fixture.client.getRunReport({ runId });
  expect(report?.durationMs).toBe(7_000n);
});

test('an unknown workflow has no report', async () => {
  const asked = fixture.client.getWorkflowReport(
    GetWorkflowReportRequest.create({ workflowName: 'nothing' }),
  );
  await expect(asked).rejects.toMatchObject({ code: 'WORKFLOW_NOT_FOUND' });
});

test('an executor that was silent for more than 10 s is lost, one that said goodbye is not', async () => {
  const now = Date.now();
  fixture.clock.now = now;
  const executor = {
    address: '127.0.0.1:1',
    pool: 'default',
    slots: 2,
    busy_slots: 0,
    version: '0.1.0',
    started_at: new Date(now - 60_000),
  };
  const seen = {
    silent: ['active', 10_001],
    alive: ['active', 10_000],
    gone: ['stopped', 50_000],
  } as const;
  for (const [executor_id, [state, ageMs]] of Object.entries(seen)) {
    const last_seen_at = new Date(now - ageMs);
    await fixture.db
      .insertInto('executor')
      .values({ ...executor, executor_id, state, last_seen_at })
      .execute();
  }
  const { executors } = await fixture.client.listExecutors({});
  const states = Object.fromEntries(executors.map((entry) => [entry.executorId, entry.state]));
  expect(states).toEqual({
    silent: ExecutorState.LOST,
    alive: ExecutorState.ACTIVE,
    gone: ExecutorState.STOPPED,
  });
});

test('the overview counts runs and the wait of the oldest ready task', async () => {
  const now = Date.now();
  fixture.clock.now = now;
  await storeRun(fixture.db, { state: 'succeeded', createdAt: now - 1_000 });
  await storeRun(fixture.db, { state: 'failed', createdAt: now - 1_000 });
  await storeRun(fixture.db, { state: 'failed', createdAt: now - 2 * 24 * 3_600_000 });
  await storeRun(fixture.db, { state: 'queued' });
  await storeRun(fixture.db, {
    state: 'running',
    tasks: [{ taskId: 'a', state: 'ready', readyAt: now - 3_000 }],
  });
  const { overview } = await fixture.client.getOverview(GetOverviewRequest.create());
  expect(overview).toMatchObject({
    runningCount: 1n,
    queuedCount: 1n,
    failedLastDayCount: 1n,
    succeededLastDayCount: 1n,
    oldestReadyMs: 3_000n,
  });
});

test('a workflow report tells how long the runs that succeeded took', async () => {
  const facts = { name: 'etl', latest_version: 1, task_count: 1 };
  const metadata = openControlDatabase({
    url: fixture.databaseUrl,
    role: 'floe_metadata',
    applicationName: 'test-metadata',
    connectionsMax: 1,
  });
  await metadata.db.insertInto('workflow').values(facts).execute();
  await metadata.close();
  const at = Date.now() - 60_000;
  for (const durationMs of [100, 200, 3_000]) {
    const endedAt = at + durationMs;
    const extract = { taskId: 'flights', type: 'postgres_extract', rows: 10, readyAt: at };
    const load = { taskId: 'store', type: 'postgres_load', rows: 4 };
    const send = { taskId: 'tell', type: 'http', rows: 4 };
    await storeRun(fixture.db, {
      state: 'succeeded',
      createdAt: at,
      endedAt,
      tasks: [
        { ...extract, state: 'succeeded', startedAt: at + 20, endedAt: at + 50 },
        { ...load, state: 'succeeded', startedAt: at + 50, endedAt },
        { ...send, state: 'succeeded', startedAt: at + 50, endedAt },
      ],
    });
  }
  const failure = { code: 'QUERY_FAILED', message: 'no such table', taskId: 'flights' };
  const failed = { state: 'failed', createdAt: at, endedAt: at + 50_000, failure };
  const failedId = await storeRun(fixture.db, failed);
  await storeRun(fixture.db, { ...failed, createdAt: at - 40 * 24 * 3_600_000 });
  const { report } = await fixture.client.getWorkflowReport(
    GetWorkflowReportRequest.create({ workflowName: 'etl' }),
  );
  expect(report).toMatchObject({
    runCount: 4n,
    failedCount: 1n,
    durationP50Ms: 200n,
    durationP95Ms: 3_000n,
  });
  expect(report?.recentRuns).toHaveLength(4);
  expect(report).toMatchObject({
    durationMs: { count: 3n, p50: 200n, p90: 3_000n, p99: 3_000n, max: 3_000n },
    queueMs: { count: 3n, p50: 20n },
    rowsExtracted: 30n,
    rowsLoaded: 12n,
    truncated: false,
    trend: [{ runCount: 4n, succeededCount: 3n, failedCount: 1n, rowsLoaded: 12n }],
    failures: [{ code: 'QUERY_FAILED', taskId: 'flights', count: 1n, runId: failedId }],
  });
  expect(report?.slowestTasks).toMatchObject([
    { taskId: 'store', runCount: 3n, rows: 12n, durationMs: { max: 2_950n } },
    { taskId: 'tell', rows: 12n },
    { taskId: 'flights', durationMs: { p50: 30n }, queueMs: { p99: 20n } },
  ]);
  const later = await fixture.client.getWorkflowReport(
    GetWorkflowReportRequest.create({ workflowName: 'etl', fromTime: new Date(at + 30_000) }),
  );
  expect(later.report).toMatchObject({ runCount: 0n, trend: [], durationMs: { count: 0n } });
});
