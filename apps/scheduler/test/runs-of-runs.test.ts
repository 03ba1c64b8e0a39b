// Runs that stand for a task of another run. Real PostgreSQL and NATS; the test plays the executor.
import { afterAll, beforeAll, expect, test } from 'vitest';
import { CancelRunRequest } from '@floe/rpc/contracts';
import { applied, settled, stateOf, tasksOf } from './applied-workflow.ts';
import {
  SchedulerFixture,
  fail,
  startRequest,
  succeed,
  take,
  type SchedulerClients,
} from './scheduler-fixture.ts';

let fixture: SchedulerFixture;
let scheduler: SchedulerClients;

beforeAll(async () => {
  fixture = await SchedulerFixture.start();
  scheduler = await fixture.startScheduler();
  await applied(
    fixture,
    'name: child\nparams: { day: { type: date } }\ntasks:\n  work: { type: noop }\n',
  );
  await applied(
    fixture,
    `
name: parent
params: { since: { type: date, default: 2026-01-31 } }
tasks:
  sub: { type: workflow, workflow: child, params: { day: "\${{ params.since }}" } }
  after: { type: noop, needs: [sub] }
`,
  );
});

afterAll(async () => {
  await fixture.stop();
});

async function start(workflow: string): Promise<string> {
  const { run } = await scheduler.runs.startRun(startRequest(workflow));
  return run!.runId;
}

type Child = { readonly run_id: string; readonly state: string; readonly parameters: object };

const childrenOf = (runId: string) =>
  fixture.query<Child>(
    'select run_id, state, parameters from run where parent_run_id = $1 order by run_id',
    [runId],
  );

async function childOf(runId: string): Promise<Child> {
  const children = await settled(
    () => childrenOf(runId),
    (found) => found.length > 0,
  );
  return children[0]!;
}

const ended = (runId: string, state: string) =>
  settled(
    () => stateOf(fixture, runId),
    (is) => is === state,
  );

test('starts a run with the parameters that the task gives it, and ends as it does', async () => {
  const runId = await start('parent');
  const child = await childOf(runId);
  expect(child.parameters).toEqual({ day: { kind: 'date', value: '2026-01-31' } });
  await succeed(scheduler, await take(scheduler, child.run_id));
  await succeed(scheduler, await take(scheduler, runId));
  expect(await ended(runId, 'succeeded')).toBe('succeeded');
  expect(await tasksOf(fixture, runId)).toBe('sub:succeeded after:succeeded');
});

test('fails with the failure of its child', async () => {
  const runId = await start('parent');
  await fail(scheduler, await take(scheduler, (await childOf(runId)).run_id));
  expect(await ended(runId, 'failed')).toBe('failed');
  const [row] = await fixture.query<{ failure: object }>(
    'select failure from task_run where run_id = $1 and task_index = 0',
    [runId],
  );
  expect(row?.failure).toMatchObject({ code: 'QUERY_FAILED' });
});

test('cancels its child with itself, and waits for it', async () => {
  const runId = await start('parent');
  const child = await childOf(runId);
  await scheduler.runs.cancelRun(CancelRunRequest.create({ runId, reason: 'enough' }));
  expect(await ended(child.run_id, 'cancelled')).toBe('cancelled');
  expect(await ended(runId, 'cancelled')).toBe('cancelled');
});

test('is told what is wrong when its child cannot be started', async () => {
  await applied(fixture, 'name: astray\ntasks:\n  sub: { type: workflow, workflow: nowhere }\n');
  const runId = await start('astray');
  expect(await ended(runId, 'failed')).toBe('failed');
  const [row] = await fixture.query<{ failure: object }>(
    'select failure from run where run_id = $1',
    [runId],
  );
  expect(row?.failure).toMatchObject({
    code: 'WORKFLOW_NOT_FOUND',
    message: 'no workflow is named nowhere',
  });
});

test('ends a workflow that runs itself', async () => {
  await applied(fixture, 'name: endless\ntasks:\n  sub: { type: workflow, workflow: endless }\n');
  const runId = await start('endless');
  expect(await ended(runId, 'failed')).toBe('failed');
  const [row] = await fixture.query<{ failure: object; runs: number }>(
    `select failure, (select count(*)::int from run where workflow_name = 'endless') as runs
     from run where run_id = $1`,
    [runId],
  );
  expect(row).toMatchObject({ failure: { code: 'CHILD_TOO_DEEP' }, runs: 9 });
});
