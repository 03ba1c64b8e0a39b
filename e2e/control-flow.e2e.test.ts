/**
 * Hunts what a document may say and nobody does: the example with a condition, items, an approval, a child and a key, and
 * the one that keeps numbers and facts.
 */
import { cp, mkdir, mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { awaitRunEnd, awaitTaskState } from './support/await-run.ts';
import { prepareConnections } from './support/prepare-connections.ts';
import { startTestFloe, type TestFloe } from './support/test-floe.ts';

const EXAMPLES = new URL('../examples/', import.meta.url);

let floe: TestFloe;
let files: string;

beforeAll(async () => {
  files = await mkdtemp(join(tmpdir(), 'floe-files-'));
  await cp(new URL('data', EXAMPLES), join(files, 'examples/data'), { recursive: true });
  await mkdir(join(files, '.floe'));
  floe = await startTestFloe({ executors: 1, slots: 2, env: { FLOE_FILES_DIR: files } });
  await prepareConnections(floe);
  for (const name of ['publish-region.yaml', 'regional-report.yaml', 'orders-from-files.yaml']) {
    await floe.client.applyWorkflow(await readFile(new URL(name, EXAMPLES), 'utf8'));
  }
});

afterAll(async () => {
  await floe?.[Symbol.asyncDispose]();
  await rm(files, { recursive: true, force: true });
});

async function start(parameters: Record<string, string | boolean> = {}): Promise<string> {
  const { run } = await floe.client.startRun({ workflowName: 'regional-report', parameters });
  return run.runId;
}

const waits = (runId: string) =>
  awaitTaskState(floe.client, runId, {
    taskId: 'publish',
    state: 'TASK_STATE_RUNNING',
    withinMs: 60_000,
  });

async function tasksOf(runId: string): Promise<Record<string, string>> {
  const { taskRuns } = await floe.client.listTaskRuns(runId);
  return Object.fromEntries(
    taskRuns.map(({ taskId, state }) => [taskId, state.replace('TASK_STATE_', '').toLowerCase()]),
  );
}

test('goes through items, asks a person, runs a child, and lets the next run wait', async () => {
  const runId = await start();
  const next = await start({ regions: '["south"]' });
  await waits(runId);
  const counted = await floe.sql('select region, orders::int from region_count order by region');
  expect(counted).toEqual([
    { region: 'east', orders: 4 },
    { region: 'north', orders: 5 },
    { region: 'south', orders: 5 },
    { region: 'west', orders: 4 },
  ]);
  const { taskRuns } = await floe.client.listTaskRuns(runId);
  expect(taskRuns.find(({ taskId }) => taskId === 'count')?.items).toEqual({
    total: 4,
    succeeded: 4,
    failed: 0,
  });
  // The place of the key is taken.
  expect((await floe.client.getRun(next)).state).toBe('RUN_STATE_QUEUED');

  const unfilled = await floe.floe(['runs', 'approve', runId, 'publish']);
  expect(unfilled.code).toBe(2);
  expect(unfilled.stderr).toContain('recipients');
  const words = ['runs', 'approve', runId, 'publish', '--form', 'recipients=12', '--as', 'Kari'];
  const approved = await floe.floe(words);
  expect(approved.code, approved.stderr).toBe(0);
  expect((await awaitRunEnd(floe.client, runId, { withinMs: 60_000 })).state).toBe(
    'RUN_STATE_SUCCEEDED',
  );
  const { runs } = await floe.client.listRuns({ workflowName: 'publish-region' });
  expect(runs).toMatchObject([{ parentRunId: runId, trigger: 'TRIGGER_KIND_WORKFLOW' }]);

  await waits(next);
  await floe.client.approveTask(next, 'publish', { approved: false, comment: 'too early' });
  const ended = await awaitRunEnd(floe.client, next, { withinMs: 60_000 });
  expect(ended.failure?.code).toBe('APPROVAL_REJECTED');
  expect(await tasksOf(next)).toEqual({
    prepare: 'succeeded',
    count: 'succeeded',
    publish: 'failed',
    send: 'upstream_failed',
    tidy_up: 'succeeded',
  });
});

test('skips what the condition does not ask for, and runs again from a task', async () => {
  const runId = await start({ publish: false });
  const run = await awaitRunEnd(floe.client, runId, { withinMs: 60_000 });
  expect(run.state).toBe('RUN_STATE_SUCCEEDED');
  expect(await tasksOf(runId)).toMatchObject({ publish: 'skipped', send: 'skipped' });
  const { code, stdout, stderr } = await floe.floe(['runs', 'retry', runId, '--from', 'count']);
  expect(code, stderr).toBe(0);
  const again = stdout.trim().split(/\s+/)[0]!;
  expect((await awaitRunEnd(floe.client, again, { withinMs: 60_000 })).state).toBe(
    'RUN_STATE_FAILED',
  );
  // The rows are there already: each item fails by itself, with the words of PostgreSQL.
  const { taskRuns } = await floe.client.listTaskRuns(again);
  const count = taskRuns.find(({ taskId }) => taskId === 'count');
  expect(count?.items).toEqual({ total: 4, succeeded: 0, failed: 4 });
  expect(count?.failure?.message).toContain('4 of 4 items failed');
});

test('pauses and resumes a run from the command line', async () => {
  const runId = await start();
  const paused = await floe.floe(['runs', 'pause', runId]);
  expect(paused.code, paused.stderr).toBe(0);
  expect(paused.stdout).toContain('paused');
  const resumed = await floe.floe(['runs', 'resume', runId, '--json']);
  expect(JSON.parse(resumed.stdout).state).toMatch(/QUEUED|RUNNING/);
  await waits(runId);
  const cancelled = await floe.floe(['runs', 'cancel', runId, '--now']);
  expect(cancelled.code, cancelled.stderr).toBe(0);
  expect((await awaitRunEnd(floe.client, runId, { withinMs: 30_000 })).state).toBe(
    'RUN_STATE_CANCELLED',
  );
});

const ROWS_AS_ITEMS = `
name: rows-as-items
tasks:
  make_table:
    type: postgres_sql
    connection: warehouse
    statements:
      - create table if not exists visited (airport text primary key check (airport <> 'XXX'))
      - truncate visited
  airports:
    type: postgres_extract
    needs: [make_table]
    connection: source
    query: |
      select code from unnest(array['OSL', 'BGO', 'XXX', 'TRD']) as code
  visit:
    type: postgres_sql
    needs: [airports]
    when: tasks.airports.rows == 4
    foreach: { rows: airports, column: code, chunk: 2 }
    connection: warehouse
    statements:
      - insert into visited values (\${{ params.item }})
`;

test('goes through the rows of a task before it, and tells which row failed', async () => {
  await floe.client.applyWorkflow(ROWS_AS_ITEMS);
  const { run } = await floe.client.startRun({ workflowName: 'rows-as-items' });
  const ended = await awaitRunEnd(floe.client, run.runId, { withinMs: 60_000 });
  expect(ended.state).toBe('RUN_STATE_FAILED');
  const visited = await floe.sql('select airport from visited order by airport');
  expect(visited).toEqual([{ airport: 'BGO' }, { airport: 'OSL' }, { airport: 'TRD' }]);
  const { taskRuns } = await floe.client.listTaskRuns(run.runId);
  const visit = taskRuns.find(({ taskId }) => taskId === 'visit');
  expect(visit?.items).toEqual({ total: 4, succeeded: 3, failed: 1 });
  expect(visit?.failure?.message).toContain('item 2');

  // Only the item that failed is tried again: the others keep what they did.
  await floe.sql('alter table visited drop constraint visited_airport_check');
  const again = await floe.client.retryRun(run.runId);
  const mended = await awaitRunEnd(floe.client, again.runId, { withinMs: 60_000 });
  expect(mended.state, mended.failure?.message).toBe('RUN_STATE_SUCCEEDED');
  expect(await floe.sql('select airport from visited')).toHaveLength(4);

  // One that is named is done again alone: any other would meet the row that it has left.
  await floe.sql(`delete from visited where airport = 'BGO'`);
  const retry = async (...words: string[]) =>
    await floe.floe(['runs', 'retry', again.runId, 'visit', ...words, '--json']);
  const named = await retry('--item', '1');
  expect(named.code, named.stderr).toBe(0);
  const { runId } = JSON.parse(named.stdout) as { runId: string };
  const once = await awaitRunEnd(floe.client, runId, { withinMs: 60_000 });
  expect(once.state, once.failure?.message).toBe('RUN_STATE_SUCCEEDED');
  expect(await floe.sql('select airport from visited')).toHaveLength(4);
  const counted = await floe.client.listTaskRuns(runId);
  expect(counted.taskRuns.map(({ attemptCount }) => attemptCount)).toEqual([0, 0, 1]);
  for (const [item, words] of [
    ['4', 'there is no item 4, only 4 items'],
    ['failed', 'every item of visit has succeeded'],
  ] as const) {
    const refused = await retry('--item', item);
    expect(refused.code).not.toBe(0);
    expect(refused.stdout + refused.stderr).toContain(words);
  }
});

test('keeps the numbers and the facts that tasks find in their rows', async () => {
  const { run } = await floe.client.startRun({ workflowName: 'orders-from-files' });
  const { runId } = run;
  const ended = await awaitRunEnd(floe.client, runId, { withinMs: 60_000 });
  expect(ended.state, ended.failure?.message).toBe('RUN_STATE_SUCCEEDED');
  const type = 'data_quality';
  const recorded = [
    { taskId: 'measure_orders', name: 'largest_order', value: 249.99, unit: 'NOK', type },
    { taskId: 'measure_orders', name: 'open_orders', value: 1, unit: 'orders', type },
  ];
  expect((await floe.client.getRunReport(runId)).metrics).toMatchObject(recorded);
  const listed = await floe.floe(['metrics', runId, '--task', 'measure_orders', '--json']);
  expect(JSON.parse(listed.stdout).metrics).toEqual(
    expect.arrayContaining(recorded.map((metric) => expect.objectContaining(metric))),
  );
  const shown = await floe.floe(['workflows', 'get', 'orders-from-files']);
  expect(shown.stderr).toContain('owner: sales');
  const { metadata } = await floe.client.getWorkflow('orders-from-files');
  expect(metadata).toMatchObject([
    { name: 'newest_order', value: expect.stringMatching(/^2026-11-/), runId, taskId: 'describe' },
    { name: 'owner', value: 'sales' },
    { name: 'read_from', value: 'orders.csv' },
  ]);
});
