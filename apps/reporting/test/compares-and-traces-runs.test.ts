/** Two runs side by side, what went from task to task in one, and who uses a column. */
import { openControlDatabase, type ControlDatabase } from '@floe/database';
import { GetImpactRequest } from '@floe/rpc/contracts';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { startFixture, type Fixture } from './reporting-fixture.ts';
import { storeEdges, storeVersion } from './stored-workflow.ts';
import { storeRun } from './stored-run.ts';

let fixture: Fixture;
let metadata: ControlDatabase;

const AT = Date.now() - 60_000;
const SHOP = 'postgres://db:5432/shop';
const DOCUMENT = {
  tasks: [
    {
      id: 'orders',
      type: 'postgres_extract',
      inputs: [],
      config: { query: 'select * from "Public".orders' },
    },
    { id: 'sum', type: 'expression_transform', inputs: ['orders'], config: {} },
    { id: 'store', type: 'postgres_load', inputs: ['sum'], config: { table: 'totals' } },
  ],
};

beforeAll(async () => {
  fixture = await startFixture();
  metadata = openControlDatabase({
    url: fixture.databaseUrl,
    role: 'floe_metadata',
    applicationName: 'test-metadata',
    connectionsMax: 1,
  });
  const { db } = metadata;
  await storeVersion(db, { name: 'totals', document: DOCUMENT, source: 'name: totals\nold: 1' });
  await storeVersion(db, { name: 'totals', version: 2, source: 'name: totals\nnew: 2' });
  await storeVersion(db, { name: 'top' });
  await storeEdges(db, [
    {
      workflow: 'totals',
      task: 'store',
      from: [`${SHOP}/public.orders`, 'amount'],
      to: [`${SHOP}/public.totals`, 'total'],
    },
    {
      workflow: 'totals',
      task: 'store',
      from: [`${SHOP}/public.orders`, 'day'],
      to: [`${SHOP}/public.totals`, ''],
      how: 'filter',
    },
    {
      workflow: 'totals',
      task: 'store',
      from: [`${SHOP}/public.order_notes`, 'note'],
      to: [`${SHOP}/public.totals`, 'note'],
    },
    {
      workflow: 'top',
      task: 'put',
      from: [`${SHOP}/public.totals`, 'total'],
      to: ['file:top.csv', 'best'],
    },
  ]);
});

afterAll(async () => {
  await metadata.close();
  await fixture.stop();
});

type Seed = {
  readonly rows: number;
  readonly hash: string;
  readonly type: string;
  readonly version?: number;
};

function storeTotals({ rows, hash, type, version }: Seed): Promise<string> {
  const schema = [{ name: 'id', type: { kind: type } }];
  const dataset = { uri: `file:///${hash}`, rows, bytes: rows * 8, hash, schema };
  const done = { state: 'succeeded', startedAt: AT, endedAt: AT + rows };
  return storeRun(fixture.db, {
    workflowName: 'totals',
    version: version ?? 1,
    state: 'succeeded',
    createdAt: AT,
    endedAt: AT + rows * 2,
    parameters: { rows: { kind: 'integer', value: String(rows) } },
    tasks: [
      { taskId: 'orders', type: 'postgres_extract', rows, bytes: rows * 8, dataset, ...done },
      { taskId: 'sum', rows: 0, uncounted: true, ...done },
      { taskId: 'store', type: 'postgres_load', rows, bytes: rows * 4, ...done },
    ],
  });
}

test('two runs differ in what they read, made, took and were asked for', async () => {
  const baseRunId = await storeTotals({ rows: 10, hash: 'one', type: 'int32' });
  const otherRunId = await storeTotals({ rows: 30, hash: 'two', type: 'int64', version: 2 });
  const { comparison } = await fixture.client.compareRuns({ baseRunId, otherRunId });
  expect(comparison).toMatchObject({
    baseDurationMs: 20n,
    otherDurationMs: 60n,
    parameters: [{ name: 'rows', base: '10', other: '30' }],
    documentDiff: '@@ -1,2 +1,2 @@\n name: totals\n-old: 1\n+new: 2',
    documentDiffTruncated: false,
  });
  expect(comparison?.tasks).toMatchObject([
    {
      taskId: 'orders',
      base: { rows: 10n },
      other: { rows: 30n },
      columns: [{ name: 'id', base: 'Int32', other: 'Int64' }],
      sameContent: false,
    },
    { taskId: 'sum', columns: [], sameContent: false },
    { taskId: 'store', base: { rows: 10n }, other: { rows: 30n } },
  ]);
});

test('runs that made the same have the same content, and a task of one only stands alone', async () => {
  const baseRunId = await storeTotals({ rows: 10, hash: 'same', type: 'int32' });
  const otherRunId = await storeTotals({ rows: 10, hash: 'same', type: 'int32' });
  const same = (await fixture.client.compareRuns({ baseRunId, otherRunId })).comparison;
  expect(same).toMatchObject({ parameters: [], documentDiff: '' });
  expect(same?.tasks[0]).toMatchObject({ sameContent: true, columns: [] });
  const lone = await storeRun(fixture.db, { tasks: [{ taskId: 'orders' }] });
  const less = (await fixture.client.compareRuns({ baseRunId, otherRunId: lone })).comparison;
  const sides = less?.tasks.map(({ taskId, other }) => [taskId, other !== undefined]);
  expect(sides).toEqual([
    ['orders', true],
    ['sum', false],
    ['store', false],
  ]);
});

test('the edges of a run carry counts, sizes and checksums', async () => {
  const runId = await storeTotals({ rows: 10, hash: 'sum-of-it', type: 'int32' });
  const { lineage } = await fixture.client.getRunLineage({ runId });
  expect(lineage).toMatchObject({ truncated: false });
  expect(lineage?.edges).toMatchObject([
    {
      from: `${SHOP}/public.orders`,
      to: 'orders',
      kind: 'table',
      rows: 10n,
      bytes: 80n,
      checksum: 'sum-of-it',
    },
    {
      from: 'orders',
      to: 'sum',
      kind: 'dataset',
      rows: 10n,
      bytes: 80n,
      checksum: 'sum-of-it',
      uri: 'file:///sum-of-it',
    },
    { from: 'sum', to: 'store', kind: 'dataset', rows: 0n, rowsUncounted: true, checksum: '' },
    { from: 'store', to: `${SHOP}/public.totals`, kind: 'table', rows: 10n, bytes: 40n },
  ]);
});

test('the impact of a column goes on through the tables of other workflows', async () => {
  const ask = async (column: string, depth = 0) =>
    (
      await fixture.client.getImpact(
        GetImpactRequest.create({ dataset: 'public.orders', column, depth }),
      )
    ).impact;
  expect(await ask('amount')).toMatchObject({
    dataset: `${SHOP}/public.orders`,
    column: 'amount',
    workflowNames: ['top', 'totals'],
    truncated: false,
    datasets: [
      { dataset: `${SHOP}/public.totals`, columns: ['total'], depth: 1, byValue: true },
      { dataset: 'file:top.csv', columns: ['best'], depth: 2, workflowNames: ['top'] },
    ],
  });
  expect((await ask('amount', 1))?.datasets).toHaveLength(1);
  expect((await ask('day'))?.datasets[0]).toMatchObject({ columns: [], byValue: false });
});
