import { ListRunsRequest, RunState, TaskState } from '@floe/rpc/contracts';
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
});

async function listAll(request: Partial<ListRunsRequest>): Promise<string[]> {
  const ids: string[] = [];
  let pageToken = '';
  do {
    const page = await fixture.client.listRuns(ListRunsRequest.create({ ...request, pageToken }));
    ids.push(...page.runs.map((run) => run.runId));
    pageToken = page.nextPageToken;
  } while (pageToken !== '');
  return ids;
}

test('shows a run with its counts, its loaded rows and the link to its trace', async () => {
  const runId = await storeRun(fixture.db, {
    tasks: [
      { taskId: 'flights', type: 'postgres_extract', state: 'succeeded', rows: 100 },
      { taskId: 'store', type: 'postgres_load', state: 'succeeded', rows: 40 },
      { taskId: 'more', type: 'postgres_load', state: 'running' },
    ],
  });
  const { run } = await fixture.client.getRun({ runId });
  expect(run).toMatchObject({ runId, state: RunState.RUNNING, rowsLoaded: 40n });
  expect(run?.parameters).toEqual({ since: '2001-01-01' });
  expect(run?.taskCounts).toMatchObject({ total: 3, succeeded: 2, running: 1, failed: 0 });
  expect(run?.traceUrl).toBe(`http://jaeger.test:16686/trace/${run?.traceId}`);
});

test.each(['01890a5d-ac96-774b-bcce-b302099a8057', 'nonsense'])('has no run %s', async (runId) => {
  await expect(fixture.client.getRun({ runId })).rejects.toMatchObject({ code: 'RUN_NOT_FOUND' });
});

test('the counts of a run that ended are kept until it goes on again (C1, C2)', async () => {
  const now = Date.now();
  const seed = { state: 'succeeded', createdAt: now - 300_000 };
  const tasks = [{ taskId: 'a', state: 'running' }];
  const settled = await storeRun(fixture.db, { ...seed, endedAt: now - 200_000, tasks });
  const fresh = await storeRun(fixture.db, { ...seed, endedAt: now, tasks });
  const failed = async () => {
    const { runs } = await fixture.client.listRuns(ListRunsRequest.create());
    return Object.fromEntries(runs.map((run) => [run.runId, run.taskCounts?.failed]));
  };
  expect(await failed()).toEqual({ [settled]: 0, [fresh]: 0 });
  await fixture.db.updateTable('task_run').set({ state: 'failed' }).execute();
  expect(await failed()).toEqual({ [settled]: 0, [fresh]: 1 });
  await fixture.db.updateTable('run').set({ event_sequence: 1 }).execute();
  expect(await failed()).toEqual({ [settled]: 1, [fresh]: 1 });
});

test('pages show every old run once while new ones begin', async () => {
  const start = Date.now() - 100_000;
  const stored: string[] = [];
  for (let index = 0; index < 12; index += 1) {
    stored.push(await storeRun(fixture.db, { createdAt: start + index }));
  }
  const seen: string[] = [];
  let pageToken = '';
  do {
    const request = ListRunsRequest.create({ pageSize: 5, pageToken });
    const page = await fixture.client.listRuns(request);
    seen.push(...page.runs.map((run) => run.runId));
    pageToken = page.nextPageToken;
    await storeRun(fixture.db, { createdAt: start + 50_000 });
  } while (pageToken !== '');
  expect(seen).toEqual(stored.toReversed());
});

test('filters by workflow, by states and by time of creation', async () => {
  const at = Date.now() - 3_600_000;
  const old = await storeRun(fixture.db, { createdAt: at, state: 'failed' });
  const recent = await storeRun(fixture.db, { createdAt: at + 1_000, state: 'succeeded' });
  const other = await storeRun(fixture.db, { createdAt: at + 2_000, workflowName: 'other' });
  expect(await listAll({ workflowName: 'other' })).toEqual([other]);
  expect(await listAll({ states: [RunState.FAILED, RunState.SUCCEEDED] })).toEqual([recent, old]);
  expect(await listAll({ fromTime: new Date(at + 1_000) })).toEqual([other, recent]);
  expect(await listAll({ toTime: new Date(at + 1_000) })).toEqual([old]);
});

test('refuses a page token of a list with other filters', async () => {
  await storeRun(fixture.db);
  await storeRun(fixture.db);
  const first = await fixture.client.listRuns(ListRunsRequest.create({ pageSize: 1 }));
  const { nextPageToken: pageToken } = first;
  const request = ListRunsRequest.create({ pageToken, workflowName: 'other' });
  await expect(fixture.client.listRuns(request)).rejects.toMatchObject({
    code: 'PAGE_TOKEN_INVALID',
  });
});

test('refuses a state that is none', async () => {
  const request = ListRunsRequest.create({ states: [RunState.UNSPECIFIED] });
  await expect(fixture.client.listRuns(request)).rejects.toMatchObject({
    code: 'ARGUMENT_INVALID',
  });
});

test('pages through task runs with their attempts, in the order of the workflow', async () => {
  const now = Date.now();
  const tasks = ['a', 'b', 'c'].map((taskId) => ({
    taskId,
    state: 'running',
    attempts: [
      { state: 'lost', readyAt: now, claimedAt: now, endedAt: now },
      { state: 'running', readyAt: now, claimedAt: now, rows: 7 },
    ],
  }));
  const runId = await storeRun(fixture.db, { tasks });
  const first = await fixture.client.listTaskRuns({ runId, pageSize: 2, pageToken: '' });
  const { nextPageToken: pageToken } = first;
  const second = await fixture.client.listTaskRuns({ runId, pageSize: 2, pageToken });
  const taskRuns = [...first.taskRuns, ...second.taskRuns];
  expect(taskRuns.map((task) => task.taskId)).toEqual(['a', 'b', 'c']);
  expect(taskRuns.map((task) => task.attempts.map((attempt) => attempt.attemptId))).toEqual(
    ['a', 'b', 'c'].map((taskId) => [`${runId}/${taskId}/1`, `${runId}/${taskId}/2`]),
  );
  expect(taskRuns.map((task) => task.rows)).toEqual([7n, 7n, 7n]);
  expect(second.nextPageToken).toBe('');
});

test('shows datasets and failures as they were stored', async () => {
  const schema = [{ name: 'at', type: { kind: 'datetime', unit: 'us', timezone: 'UTC' } }];
  const failure = {
    code: 'QUERY_FAILED',
    message: 'no',
    taskId: 'b',
    details: { a: 'b' },
    hint: 'h',
  };
  const runId = await storeRun(fixture.db, {
    tasks: [
      { taskId: 'a', state: 'succeeded', dataset: { uri: 'file:///x', rows: 3, bytes: 9, schema } },
      { taskId: 'b', state: 'failed', failure },
    ],
  });
  const { taskRuns } = await fixture.client.listTaskRuns({ runId, pageSize: 0, pageToken: '' });
  expect(taskRuns[0]?.dataset).toEqual({
    uri: 'file:///x',
    partUris: [],
    rows: 3n,
    bytes: 9n,
    columns: [{ name: 'at', type: "Datetime('us', 'UTC')" }],
  });
  expect(taskRuns[1]).toMatchObject({ state: TaskState.FAILED, failure });
});
