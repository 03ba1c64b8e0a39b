// Hunts "already running" that is asked before it is true: many starts at once, on two schedulers, and ends in between.
import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, expect, onTestFinished, test } from 'vitest';
import { openControlDatabase } from '@floe/database';
import { CancelRunsRequest, RunState, StartRunRequest } from '@floe/rpc/contracts';
import type { RpcContext } from '../src/rpc/context.ts';
import { createRun, findAdmissionOf } from '../src/rpc/start-run.ts';
import { PlanCache } from '../src/runs/plan-cache.ts';
import { loadRun } from '../src/store/load-run.ts';
import {
  SchedulerFixture,
  aWorkflow,
  fail,
  startRequest,
  succeed,
  take,
  type SchedulerClients,
} from './scheduler-fixture.ts';

let fixture: SchedulerFixture;
let schedulers: SchedulerClients[];

beforeAll(async () => {
  fixture = await SchedulerFixture.start();
  schedulers = [await fixture.startScheduler(), await fixture.startScheduler()];
  for (const name of ['raced', 'ended', 'repeated', 'mixed', 'grouped', 'other', 'noted']) {
    await fixture.addWorkflow(aWorkflow(name, { one: [], two: ['one'] }));
  }
});

afterAll(async () => {
  await fixture.stop();
});

function start(name: string, rest: Partial<StartRunRequest> = {}, scheduler = 0) {
  const request = StartRunRequest.create({ workflowName: name, exclusive: true, ...rest });
  return schedulers[scheduler]!.runs.startRun(request);
}

test('of 50 starts at once on two schedulers one runs, and the others are told so', async () => {
  const results = await Promise.allSettled(
    Array.from({ length: 50 }, (_, index) => start('raced', {}, index % 2)),
  );
  const started = results.filter(({ status }) => status === 'fulfilled');
  const codes = results.flatMap((result) =>
    result.status === 'rejected' ? [(result.reason as { code: string }).code] : [],
  );
  expect(started).toHaveLength(1);
  expect(codes).toEqual(Array.from({ length: 49 }, () => 'WORKFLOW_ALREADY_RUNNING'));
  const rows = await fixture.query(`select from run where workflow_name = 'raced'`);
  expect(rows).toHaveLength(1);
});

test.each([
  ['succeeded', succeed],
  ['failed', fail],
])('lets the next one in when it has %s', async (_, end) => {
  const { run } = await start('ended');
  await expect(start('ended')).rejects.toMatchObject({ code: 'WORKFLOW_ALREADY_RUNNING' });
  const tasks = end === succeed ? 2 : 1;
  for (let count = 0; count < tasks; count += 1) {
    await end(schedulers[0]!, await take(schedulers[0]!, run!.runId));
  }
  const next = await start('ended', {}, 1);
  await schedulers[0]!.runs.cancelRun({ runId: next.run!.runId, reason: '', graceMs: 0n });
  expect(await fixture.query(`select from exclusive_run where workflow_name = 'ended'`)).toEqual(
    [],
  );
});

test.each([1, 2, 3])(
  'the same request id answers the same run, also at the same time, and leaves nothing behind (race %i)',
  async (race) => {
    const requestId = `start-once-${race}`;
    const answers = await Promise.all(
      Array.from({ length: 10 }, (_, index) => start('repeated', { requestId }, index % 2)),
    );
    const ids = [...new Set(answers.map(({ run }) => run!.runId))];
    expect(ids).toHaveLength(1);
    expect(await holders('repeated')).toEqual([{ run_id: ids[0] }]);
    await schedulers[0]!.runs.cancelRun({ runId: ids[0]!, reason: '', graceMs: 0n });
    expect(await holders('repeated')).toEqual([]);
  },
);

test('a request that looked for itself just before its twin was stored finds the twin, not a stranger', async () => {
  const requestId = 'twin';
  const { run } = await start('repeated', { requestId });
  const database = openControlDatabase({
    url: fixture.url,
    role: 'floe_scheduler',
    applicationName: 'test',
    connectionsMax: 2,
  });
  onTestFinished(() => database.close());
  const { db } = database;
  const plans = new PlanCache(db);
  const record = (await loadRun(database, run!.runId, plans.get))!;
  const { known, ...before } = await findAdmissionOf(
    { database },
    { workflowName: 'repeated', requestId },
  );
  // What stands in its way is seen before anything is stored: neither the store nor the committer is asked.
  const context = { database, db, plans, newId: randomUUID } as unknown as RpcContext;
  const twin = { record, requestId, requestDigest: known!.requestDigest };
  const created = await createRun(context, twin, { ...before, known: undefined });
  expect(created).toMatchObject({ isKnown: true, record: { runId: run!.runId } });
  const stranger = { ...twin, requestId: 'stranger' };
  await expect(createRun(context, stranger, { ...before, known: undefined })).rejects.toMatchObject(
    { code: 'WORKFLOW_ALREADY_RUNNING' },
  );
});

function holders(workflowName: string) {
  const text = 'select run_id from exclusive_run where workflow_name = $1';
  return fixture.query<{ run_id: string }>(text, [workflowName]);
}

test('a run that is not exclusive keeps an exclusive one out, and not the other way round', async () => {
  const { run } = await schedulers[0]!.runs.startRun(startRequest('mixed'));
  await expect(start('mixed')).rejects.toMatchObject({
    code: 'WORKFLOW_ALREADY_RUNNING',
    details: { run_id: run!.runId },
  });
  await expect(schedulers[0]!.runs.startRun(startRequest('mixed'))).resolves.toBeDefined();
});

test('a cancel of a group stops its runs of all workflows, and no others', async () => {
  const groupId = "job-'1'";
  const first = await start('grouped', { groupId });
  const second = await start('other', { groupId }, 1);
  const apart = await schedulers[0]!.runs.startRun(startRequest('other'));
  const request = CancelRunsRequest.create({ groupId, reason: 'enough' });
  const { runs } = await schedulers[1]!.runs.cancelRuns(request);
  expect(runs.map(({ runId }) => runId)).toEqual([first.run!.runId, second.run!.runId]);
  expect(runs.map(({ state }) => state)).toEqual([RunState.CANCELLED, RunState.CANCELLED]);
  const [{ state } = { state: '' }] = await fixture.query<{ state: string }>(
    `select state from run where run_id = $1`,
    [apart.run!.runId],
  );
  expect(state).toBe('queued');
  await expect(schedulers[0]!.runs.cancelRuns(request)).resolves.toEqual({ runs: [] });
  await expect(
    schedulers[0]!.runs.cancelRuns(CancelRunsRequest.create({ groupId: 'nobody' })),
  ).rejects.toMatchObject({ code: 'RUN_GROUP_NOT_FOUND' });
});

test('keeps what the caller notes, and refuses what is too much', async () => {
  const annotations = { 'legacy/user_id': "O'Brien; drop table run", empty: '' };
  const { run } = await start('noted', { annotations, groupId: 'g' });
  expect(run).toMatchObject({ annotations, groupId: 'g' });
  const many = Object.fromEntries(Array.from({ length: 33 }, (_, index) => [`n${index}`, '']));
  const wrong: readonly Partial<StartRunRequest>[] = [
    { annotations: many },
    { annotations: { 'no spaces': '' } },
    { annotations: { long: 'x'.repeat(1_025) } },
    { annotations: { zero: '\0' } },
    { groupId: 'x'.repeat(129) },
    { groupId: 'a\0b' },
  ];
  for (const rest of wrong) {
    await expect(start('other', rest)).rejects.toMatchObject({ code: 'ARGUMENT_INVALID' });
  }
});
