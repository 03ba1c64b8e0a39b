// What people do to runs: pause, resume, cancel softly, answer, run again. Real PostgreSQL and NATS.
import { afterAll, beforeAll, expect, test } from 'vitest';
import {
  ApproveTaskRequest,
  CancelRunRequest,
  PauseRunRequest,
  ResumeRunRequest,
  RetryRunRequest,
  RunState,
} from '@floe/rpc/contracts';
import { RenewLeasesRequest } from '@floe/rpc/internal-contracts';
import { applied, settled, stateOf, takeAll, tasksOf } from './applied-workflow.ts';
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
    `
name: chain
tasks:
  a: { type: noop }
  b: { type: noop, needs: [a] }
  c: { type: noop, needs: [b] }
`,
  );
  await applied(
    fixture,
    `
name: asking
tasks:
  publish:
    type: approval
    message: Publish it?
    form: { copies: { type: integer } }
  after: { type: noop, needs: [publish] }
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

test('gives out nothing of a paused run, and goes on when it is resumed', async () => {
  const runId = await start('chain');
  const lease = await take(scheduler, runId);
  const { run } = await scheduler.runs.pauseRun(PauseRunRequest.create({ runId }));
  expect(run?.state).toBe(RunState.PAUSED);
  await succeed(scheduler, lease);
  expect(await tasksOf(fixture, runId)).toBe('a:succeeded b:ready c:pending');
  expect(await takeAll(scheduler, runId)).toEqual([]);
  // A second pause is no error.
  await scheduler.runs.pauseRun(PauseRunRequest.create({ runId }));
  await scheduler.runs.resumeRun(ResumeRunRequest.create({ runId }));
  await succeed(scheduler, await take(scheduler, runId));
  await succeed(scheduler, await take(scheduler, runId));
  expect(await stateOf(fixture, runId)).toBe('succeeded');
  await expect(scheduler.runs.pauseRun(PauseRunRequest.create({ runId }))).rejects.toMatchObject({
    code: 'RUN_ALREADY_ENDED',
  });
});

test('lets a softly cancelled attempt go on, and stops it when that is asked for', async () => {
  const runId = await start('chain');
  const lease = await take(scheduler, runId);
  const renew = async () => {
    const { runId: id, taskId, epoch, token } = lease;
    const executor = { executorId: 'executor-1', pool: 'default', slots: 1 };
    const renewals = [{ runId: id, taskId, epoch, token, rows: 0n, bytes: 0n }];
    const request = RenewLeasesRequest.fromPartial({ executor, renewals });
    return (await scheduler.attempts.renewLeases(request)).verdicts[0];
  };
  await scheduler.runs.cancelRun(CancelRunRequest.create({ runId, graceMs: 60_000n }));
  expect(await stateOf(fixture, runId)).toBe('cancelling');
  expect(await renew()).toMatchObject({ held: true, cancel: false });
  await scheduler.runs.cancelRun(CancelRunRequest.create({ runId }));
  expect(await renew()).toMatchObject({ held: true, cancel: true });
  await succeed(scheduler, lease);
  expect(await tasksOf(fixture, runId)).toBe('a:succeeded b:cancelled c:cancelled');
  expect(await stateOf(fixture, runId)).toBe('cancelled');
});

test('hears once that the worker of an attempt has begun, where a start timeout waits for it', async () => {
  const name = await applied(
    fixture,
    `
name: starting
tasks:
  a:
    type: postgres_sql
    connection: warehouse
    statements: [select 1]
    start_timeout: 1m
    timeout: 1h
`,
  );
  const runId = await start(name);
  const [lease] = await takeAll(scheduler, runId);
  const taskOf = async () => {
    const [row] = await fixture.query<{ awaits: boolean | null; left: number }>(
      `select (extra ->> 'awaitsBegin')::boolean as awaits,
         extract(epoch from state_deadline_at - clock_timestamp())::int as left
       from task_run where run_id = $1`,
      [runId],
    );
    return row!;
  };
  const renew = (begun: boolean) => {
    const { taskId, epoch, token } = lease!;
    const executor = { executorId: 'executor-1', pool: 'default', slots: 1 };
    const renewals = [{ runId, taskId, epoch, token, begun }];
    return scheduler.attempts.renewLeases(RenewLeasesRequest.fromPartial({ executor, renewals }));
  };
  await renew(false);
  expect(await taskOf()).toMatchObject({ awaits: true });
  expect((await taskOf()).left).toBeLessThan(100);
  await renew(true);
  expect((await taskOf()).awaits).not.toBe(true);
  expect((await taskOf()).left).toBeGreaterThan(3_000);
  await succeed(scheduler, lease!);
  expect(await stateOf(fixture, runId)).toBe('succeeded');
});

test('waits for a person, and keeps who answered what', async () => {
  const runId = await start('asking');
  expect(await tasksOf(fixture, runId)).toBe('publish:running after:pending');
  const answer = { runId, taskId: 'publish', approved: true, approver: 'Kari', comment: 'ok' };
  const ask = (form: Record<string, unknown>) =>
    scheduler.runs.approveTask(ApproveTaskRequest.fromPartial({ ...answer, form }));
  await expect(ask({})).rejects.toMatchObject({ code: 'PARAMETER_INVALID' });
  const { taskRun } = await ask({ copies: 3 });
  expect(taskRun).toMatchObject({
    taskId: 'publish',
    answer: { approved: true, approver: 'Kari', comment: 'ok', form: { copies: 3 } },
  });
  await expect(ask({ copies: 4 })).rejects.toMatchObject({
    code: 'TASK_STATE_CONFLICT',
    message: expect.stringContaining('is succeeded'),
  });
  await succeed(scheduler, await take(scheduler, runId));
  expect(await stateOf(fixture, runId)).toBe('succeeded');
  const rows = await fixture.query<{ answer: object }>(
    'select answer from task_run where run_id = $1 and task_index = 0',
    [runId],
  );
  expect(rows[0]?.answer).toMatchObject({ by: 'Kari', form: { copies: { value: '3' } } });
});

test('fails with the words of the person who said no', async () => {
  const runId = await start('asking');
  const answer = { runId, taskId: 'publish', approver: 'Ola', comment: 'too early' };
  await scheduler.runs.approveTask(ApproveTaskRequest.fromPartial(answer));
  expect(await tasksOf(fixture, runId)).toBe('publish:failed after:upstream_failed');
  const [row] = await fixture.query<{ failure: object }>(
    'select failure from run where run_id = $1',
    [runId],
  );
  expect(row?.failure).toMatchObject({ message: 'Ola rejected publish: too early' });
});

test('runs again what failed, as a new run that names the old one and keeps the good results', async () => {
  const runId = await start('chain');
  await succeed(scheduler, await take(scheduler, runId));
  await fail(scheduler, await take(scheduler, runId));
  expect(await tasksOf(fixture, runId)).toBe('a:succeeded b:failed c:upstream_failed');
  const again = RetryRunRequest.create({ runId, requestId: `again ${runId}` });
  const { run } = await scheduler.runs.retryRun(again);
  expect(run).toMatchObject({ generation: 2, retryOfRunId: runId });
  const repeated = await scheduler.runs.retryRun(again);
  expect(repeated.run?.runId).toBe(run?.runId);
  const next = run!.runId;
  expect(await tasksOf(fixture, next)).toBe('a:succeeded b:ready c:pending');
  const kept = await fixture.query<{ rows: number }>(
    'select rows from task_run where run_id = $1 and task_index = 0',
    [next],
  );
  expect(kept[0]?.rows).toBe(7);
  await succeed(scheduler, await take(scheduler, next));
  await succeed(scheduler, await take(scheduler, next));
  expect(await stateOf(fixture, next)).toBe('succeeded');
  expect(await stateOf(fixture, runId)).toBe('failed');
});

test('runs again from a named task, and says what it cannot run again', async () => {
  const runId = await start('chain');
  const retry = (fromTaskId: string) =>
    scheduler.runs.retryRun(RetryRunRequest.create({ runId, fromTaskId }));
  await expect(retry('b')).rejects.toMatchObject({ code: 'RUN_STATE_CONFLICT' });
  for (let task = 0; task < 3; task += 1) await succeed(scheduler, await take(scheduler, runId));
  await expect(retry('')).rejects.toMatchObject({
    message: expect.stringContaining('every task'),
    hint: expect.stringContaining('--from'),
  });
  await expect(retry('d')).rejects.toMatchObject({ code: 'TASK_NOT_FOUND' });
  const { run } = await retry('b');
  expect(await tasksOf(fixture, run!.runId)).toBe('a:succeeded b:ready c:pending');
});

test('skips what its condition does not need, and asks it with parameters and rows', async () => {
  const name = await applied(
    fixture,
    `
name: conditional
params: { mode: { type: string, default: full } }
tasks:
  a: { type: noop }
  many: { type: noop, needs: [a], when: tasks.a.rows > 5 and params.mode == 'full' }
  few: { type: noop, needs: [a], when: tasks.a.rows <= 5 }
  last: { type: noop, needs: [many, few], trigger: none_failed }
`,
  );
  const runId = await start(name);
  await succeed(scheduler, await take(scheduler, runId));
  expect(await tasksOf(fixture, runId)).toBe('a:succeeded many:ready few:skipped last:pending');
  await succeed(scheduler, await take(scheduler, runId));
  await succeed(scheduler, await take(scheduler, runId));
  expect(
    await settled(
      () => stateOf(fixture, runId),
      (state) => state === 'succeeded',
    ),
  ).toBe('succeeded');
});
