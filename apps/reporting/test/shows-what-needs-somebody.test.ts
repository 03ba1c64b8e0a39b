/** The overview and the freshness of tables: what a person has to know without looking for it. */
import { openControlDatabase, type ControlDatabase } from '@floe/database';
import {
  GetLineageRequest,
  LineageDirection,
  AttentionKind,
  FreshnessState,
  GetOverviewRequest,
  ListFreshnessRequest,
  TrendStep,
  type Attention,
} from '@floe/rpc/contracts';
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';
import { startFixture, type Fixture } from './reporting-fixture.ts';
import { storeLoad, storeSchedule, storeVersion } from './stored-workflow.ts';
import { storeRun } from './stored-run.ts';

let fixture: Fixture;
let metadata: ControlDatabase;

const HOUR_MS = 3_600_000;
// Half past an hour: whatever is due at full hours is not just about to be.
const NOON = Math.floor(Date.now() / HOUR_MS) * HOUR_MS + HOUR_MS / 2;
const TABLE = 'postgres://db:5432/shop/analytics.totals';

beforeAll(async () => {
  fixture = await startFixture();
  metadata = openControlDatabase({
    url: fixture.databaseUrl,
    role: 'floe_metadata',
    applicationName: 'test-metadata',
    connectionsMax: 1,
  });
  await storeLoad(metadata.db, { workflow: 'totals', task: 'store', uri: TABLE });
  await storeLoad(metadata.db, { workflow: 'once', task: 'store', uri: 'file:out.csv' });
});

afterAll(async () => {
  await metadata.close();
  await fixture.stop();
});

beforeEach(async () => {
  fixture.clock.now = NOON;
  await fixture.db.deleteFrom('run').execute();
  await metadata.db.updateTable('schedule').set({ is_deleted: true }).execute();
});

async function attention(kind: AttentionKind): Promise<Attention[]> {
  const { overview } = await fixture.client.getOverview(GetOverviewRequest.create());
  return overview!.attention.filter((each) => each.kind === kind);
}

test('a task that no executor can take is told with the reason, once for all that wait alike', async () => {
  const seen = { started_at: new Date(NOON), last_seen_at: new Date(NOON) };
  await fixture.db
    .insertInto('executor')
    .values({
      executor_id: 'one',
      address: '127.0.0.1:1',
      pool: 'default',
      slots: 2,
      busy_slots: 0,
      state: 'active',
      version: '0.1.0',
      labels: ['big'],
      ...seen,
    })
    .execute();
  const ready = { state: 'ready', readyAt: NOON - 5_000 };
  const runId = await storeRun(fixture.db, {
    workflowName: 'totals',
    tasks: [
      { taskId: 'train', ...ready, readyAt: NOON - 9_000, labels: ['gpu'] },
      { taskId: 'again', ...ready, labels: ['gpu'] },
      { taskId: 'fits', ...ready, labels: ['big'] },
    ],
  });
  expect(await attention(AttentionKind.UNCLAIMABLE)).toMatchObject([
    {
      workflowName: 'totals',
      runId,
      taskId: 'train',
      reason: 'no executor of pool default offers label gpu',
      sinceTime: new Date(NOON - 9_000),
      count: 2n,
    },
  ]);
});

test('a run to which nothing was done although it was due is stuck', async () => {
  await storeRun(fixture.db, { wakeAt: NOON - 5_000 });
  const runId = await storeRun(fixture.db, { wakeAt: NOON - 61_000 });
  expect(await attention(AttentionKind.STUCK)).toMatchObject([{ runId }]);
});

test('an approval needs somebody until it is answered, also in a paused run', async () => {
  const ask = { id: 'ask', type: 'approval', config: { message: 'Publish it?' } };
  await storeVersion(metadata.db, {
    name: 'asks',
    document: { tasks: [{ id: 'make', type: 'noop' }, ask] },
  });
  const start = (state: string, task: string, at: number) =>
    storeRun(fixture.db, {
      workflowName: 'asks',
      state,
      createdAt: at - 1_000,
      tasks: [
        { taskId: 'make', type: 'noop', state: 'succeeded' },
        { taskId: 'ask', type: 'approval', state: task, startedAt: at },
      ],
    });
  await start('succeeded', 'succeeded', NOON - 90_000);
  await start('running', 'succeeded', NOON - 80_000);
  const paused = await start('paused', 'running', NOON - 50_000);
  const oldest = await start('running', 'running', NOON - 70_000);
  const expected = [
    {
      runId: oldest,
      taskId: 'ask',
      reason: 'a person is asked: Publish it?',
      workflowName: 'asks',
    },
    { runId: paused, sinceTime: new Date(NOON - 50_000), count: 1n },
  ];
  expect(await attention(AttentionKind.APPROVAL)).toMatchObject(expected);
  await fixture.db
    .updateTable('task_run')
    .set({ state: 'succeeded' })
    .where('run_id', '=', oldest)
    .execute();
  expect(await attention(AttentionKind.APPROVAL)).toMatchObject(expected.slice(1));
});

test('a workflow that failed needs somebody until it succeeds again', async () => {
  const failure = { code: 'QUERY_FAILED', message: 'no such table', taskId: 'flights' };
  const failed = { workflowName: 'totals', state: 'failed', failure };
  await storeRun(fixture.db, { ...failed, createdAt: NOON - 20_000, endedAt: NOON - 19_000 });
  const runId = await storeRun(fixture.db, {
    ...failed,
    createdAt: NOON - 10_000,
    endedAt: NOON - 9_000,
  });
  expect(await attention(AttentionKind.FAILED)).toMatchObject([
    { workflowName: 'totals', runId, taskId: 'flights', reason: 'no such table', count: 2n },
  ]);
  await storeRun(fixture.db, { ...failed, state: 'succeeded', createdAt: NOON - 5_000 });
  expect(await attention(AttentionKind.FAILED)).toEqual([]);
});

test('a table that its schedule wanted loaded, and that was not, is late', async () => {
  const freshness = async (states: FreshnessState[] = []) =>
    (await fixture.client.listFreshness(ListFreshnessRequest.create({ states }))).tables;
  expect(await freshness()).toMatchObject([
    { dataset: 'file:out.csv', workflowName: 'once', state: FreshnessState.UNSCHEDULED },
    { dataset: TABLE, workflowName: 'totals', state: FreshnessState.UNSCHEDULED },
  ]);
  await storeSchedule(metadata.db, {
    workflow: 'totals',
    cron: '0 * * * *',
    since: NOON - 24 * HOUR_MS,
  });
  const lateAt = NOON - HOUR_MS / 2;
  expect(await freshness([FreshnessState.LATE])).toMatchObject([
    {
      dataset: TABLE,
      wantedTime: new Date(lateAt),
      nextTime: new Date(lateAt + HOUR_MS),
      latenessMs: BigInt(HOUR_MS / 2),
      loadTime: undefined,
    },
  ]);
  expect(await attention(AttentionKind.LATE)).toMatchObject([
    { workflowName: 'totals', taskId: 'store', sinceTime: new Date(lateAt) },
  ]);
  const task = { taskId: 'store', type: 'postgres_load', state: 'succeeded', rows: 7 };
  const endedAt = lateAt + 60_000;
  const runId = await storeRun(fixture.db, {
    workflowName: 'totals',
    state: 'succeeded',
    createdAt: lateAt,
    endedAt,
    tasks: [{ ...task, endedAt }],
  });
  expect(await freshness([FreshnessState.LATE])).toEqual([]);
  expect(await freshness([FreshnessState.FRESH])).toMatchObject([
    { dataset: TABLE, runId, rows: 7n, loadTime: new Date(endedAt), latenessMs: 0n },
  ]);
  const asked = { dataset: TABLE, direction: LineageDirection.UP };
  expect(await fixture.client.getLineage(GetLineageRequest.create(asked))).toMatchObject({
    // Nobody knows where its rows come from, and all the same who has written them.
    edges: [{ fromDataset: '', toDataset: TABLE, workflowName: 'totals' }],
    loads: [{ workflowName: 'totals', taskId: 'store', runId, rows: 7n }],
  });
});

test('a table is not late while the run of its time may still go on', async () => {
  await storeSchedule(metadata.db, {
    workflow: 'totals',
    cron: '25 * * * *',
    since: NOON - 24 * HOUR_MS,
  });
  expect(await attention(AttentionKind.LATE)).toEqual([]);
});

test('pages show every table once', async () => {
  const first = await fixture.client.listFreshness(ListFreshnessRequest.create({ pageSize: 1 }));
  const pageToken = first.nextPageToken;
  const second = await fixture.client.listFreshness(
    ListFreshnessRequest.create({ pageSize: 1, pageToken }),
  );
  const seen = [...first.tables, ...second.tables].map(({ dataset }) => dataset);
  expect(seen).toEqual(['file:out.csv', TABLE]);
  expect(second.nextPageToken).toBe('');
});

test('the trend counts runs by hour and by day, and what is over is not counted again', async () => {
  // Hours at which nobody has looked: those that were over when somebody did are known.
  const noon = NOON - 100 * 24 * HOUR_MS;
  fixture.clock.now = noon;
  const run = { state: 'succeeded' };
  await storeRun(fixture.db, {
    ...run,
    createdAt: noon - 3 * HOUR_MS,
    endedAt: noon - 3 * HOUR_MS + 400,
  });
  await storeRun(fixture.db, { state: 'failed', createdAt: noon - 3 * HOUR_MS + 1 });
  await storeRun(fixture.db, { ...run, createdAt: noon - 1_000, endedAt: noon });
  const trend = async (step: TrendStep) =>
    (await fixture.client.getOverview({ step })).overview!.trend;
  const hours = await trend(TrendStep.UNSPECIFIED);
  expect(hours).toMatchObject([
    {
      time: new Date(noon - 3.5 * HOUR_MS),
      runCount: 2n,
      succeededCount: 1n,
      failedCount: 1n,
      durationP50Ms: 400n,
    },
    { time: new Date(noon - HOUR_MS / 2), runCount: 1n, durationP90Ms: 1_000n },
  ]);
  expect(await trend(TrendStep.HOUR)).toEqual(hours);
  const days = await trend(TrendStep.DAY);
  expect(days.reduce((sum, { runCount }) => sum + runCount, 0n)).toBe(3n);
});

test('the last day is what ended since this time of yesterday, and a run that goes on is counted when it ends', async () => {
  const now = NOON - 200 * 24 * HOUR_MS;
  fixture.clock.now = now;
  const ago = (hours: number) => now - hours * HOUR_MS;
  const store = (state: string, createdAt: number) => storeRun(fixture.db, { state, createdAt });
  await store('succeeded', ago(24.01));
  await store('succeeded', ago(23.99));
  await store('failed', ago(23.99));
  const long = await store('running', ago(20));
  await store('timed_out', ago(10));
  await store('succeeded', ago(0.1));
  const counts = async () => {
    const { overview } = await fixture.client.getOverview(GetOverviewRequest.create());
    return [overview!.succeededLastDayCount, overview!.failedLastDayCount];
  };
  expect(await counts()).toEqual([2n, 2n]);
  expect(await counts()).toEqual([2n, 2n]);
  const ended = { state: 'succeeded', ended_at: new Date(now) };
  await fixture.db.updateTable('run').set(ended).where('run_id', '=', long).execute();
  expect(await counts()).toEqual([3n, 2n]);
});

test('the primary is no replica, and not behind', async () => {
  const { overview } = await fixture.client.getOverview(GetOverviewRequest.create());
  expect(overview).toMatchObject({ isReplica: false, replicaLagMs: 0n });
});
