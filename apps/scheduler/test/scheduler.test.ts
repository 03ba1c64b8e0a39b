// The promises of the scheduler on real PostgreSQL and NATS; the test plays the executor.
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { ReceivedHint } from '@floe/bus';
import { FloeError } from '@floe/errors';
import { CancelRunRequest, StartRunRequest } from '@floe/rpc/contracts';
import { RenewLeasesRequest, type AttemptLease } from '@floe/rpc/internal-contracts';
import { eventually } from '@floe/testing';
import {
  SchedulerFixture,
  aWorkflow,
  claim,
  fail,
  startRequest,
  succeed,
  type SchedulerClients,
} from './scheduler-fixture.ts';

let fixture: SchedulerFixture;
let scheduler: SchedulerClients;

beforeAll(async () => {
  fixture = await SchedulerFixture.start();
  scheduler = await fixture.startScheduler();
  await fixture.addWorkflow(aWorkflow('single', { only: [] }));
  await fixture.addWorkflow(aWorkflow('chain', { first: [], second: ['first'] }));
  await fixture.addWorkflow(aWorkflow('patient', { only: [] }, { retries: 1 }));
});

afterAll(async () => {
  await fixture.stop();
});

async function nextHint(runId: string, withinMs = 5_000): Promise<ReceivedHint> {
  const deadline = performance.now() + withinMs;
  while (performance.now() < deadline) {
    for await (const hint of fixture.bus.fetchHints('default', { max: 1, expiresMs: 1_000 })) {
      hint.ack();
      if (hint.runId === runId) return hint;
    }
  }
  throw new Error(`no hint for run ${runId} within ${withinMs} ms`);
}

async function start(workflow: string): Promise<string> {
  const { run } = await scheduler.runs.startRun(startRequest(workflow));
  return run!.runId;
}

async function runState(runId: string): Promise<string> {
  const [row] = await fixture.query<{ state: string }>(
    'select state from floe.run where run_id = $1',
    [runId],
  );
  return row!.state;
}

async function lease(hint: ReceivedHint): Promise<AttemptLease> {
  const claimed = await claim(scheduler, hint);
  if (typeof claimed === 'string') throw new Error(`claim refused: ${claimed}`);
  return claimed;
}

test('runs tasks in order to the end', async () => {
  const runId = await start('chain');
  const first = await nextHint(runId);
  expect(first).toMatchObject({ taskId: 'first', epoch: 1 });
  expect(await succeed(scheduler, await lease(first))).toBe(true);
  const second = await nextHint(runId);
  expect(second.taskId).toBe('second');
  await succeed(scheduler, await lease(second));
  expect(await runState(runId)).toBe('succeeded');
});

test('numbers the events of a run without a gap and tells subscribers of them', async () => {
  const runId = await start('single');
  await succeed(scheduler, await lease(await nextHint(runId)));
  const rows = await fixture.query<{ sequence: number; type: string }>(
    'select sequence, type from floe.run_event where run_id = $1 order by sequence',
    [runId],
  );
  expect(rows.map((row) => row.type)).toEqual([
    'run.queued',
    'task.ready',
    'run.started',
    'task.running',
    'task.succeeded',
    'run.succeeded',
  ]);
  expect(rows.map((row) => row.sequence)).toEqual([1, 2, 3, 4, 5, 6]);
  const heard: string[] = [];
  const signal = AbortSignal.timeout(5_000);
  for await (const { event } of fixture.bus.subscribeEvents({ filter: { runId }, signal })) {
    heard.push(`${event.entity}.${event.event}`);
    if (event.event === 'succeeded' && event.entity === 'run') break;
  }
  expect(heard.toSorted()).toEqual(rows.map((row) => row.type).toSorted());
});

test('answers the same run for the same request id, and refuses the id for another request', async () => {
  const request = startRequest('single', 'once');
  const [one, two] = await Promise.all([
    scheduler.runs.startRun(request),
    scheduler.runs.startRun(request),
  ]);
  expect(two.run?.runId).toBe(one.run?.runId);
  expect(one.alreadyStarted).not.toBe(two.alreadyStarted);
  const other = scheduler.runs.startRun({ ...request, workflowName: 'chain' });
  await expect(other).rejects.toMatchObject({ code: 'REQUEST_ID_REUSED' });
});

test('says what is wrong with a request and stores nothing', async () => {
  const count = () => fixture.query<{ count: number }>('select count(*) from floe.run');
  const before = await count();
  const unknown = scheduler.runs.startRun(startRequest('singel'));
  await expect(unknown).rejects.toMatchObject({
    code: 'WORKFLOW_NOT_FOUND',
    hint: expect.stringContaining('single'),
  });
  const wrong = StartRunRequest.create({
    workflowName: 'single',
    parameters: { day: 'tomorrow', dya: 1 },
  });
  const error: unknown = await scheduler.runs.startRun(wrong).catch((thrown: unknown) => thrown);
  expect(error).toBeInstanceOf(FloeError);
  expect((error as FloeError).code).toBe('PARAMETER_INVALID');
  expect((error as FloeError).violations.length).toBe(2);
  expect(await count()).toEqual(before);
});

test('gives an epoch to one executor only (P2)', async () => {
  const runId = await start('single');
  const hint = await nextHint(runId);
  const claims = await Promise.all(
    [1, 2, 3, 4].map((executor) => claim(scheduler, hint, executor)),
  );
  expect(claims.filter((result) => typeof result !== 'string')).toHaveLength(1);
  const held = claims.find((result) => typeof result !== 'string')!;
  expect(await succeed(scheduler, { ...(held as AttemptLease), token: 'forged' })).toBe(false);
  expect(await runState(runId)).toBe('running');
  expect(await succeed(scheduler, held as AttemptLease)).toBe(true);
  expect(await succeed(scheduler, held as AttemptLease)).toBe(true);
});

test('gives the same lease again to an executor that did not hear the answer', async () => {
  const runId = await start('single');
  const hint = await nextHint(runId);
  const [first, again] = [await lease(hint), await lease(hint)];
  expect(again).toEqual(first);
  expect(again.attemptNumber).toBe(1);
  expect(await claim(scheduler, hint, 2)).toBe('not_ready');
  expect(await succeed(scheduler, again)).toBe(true);
});

test('retries a failure, then fails with its words', async () => {
  const runId = await start('patient');
  await fail(scheduler, await lease(await nextHint(runId)));
  const again = await nextHint(runId);
  expect(again.epoch).toBe(2);
  await fail(scheduler, await lease(again));
  expect(await runState(runId)).toBe('failed');
  const [row] = await fixture.query<{ failure: object }>(
    'select failure from floe.run where run_id = $1',
    [runId],
  );
  expect(row!.failure).toMatchObject({ code: 'QUERY_FAILED', taskId: 'only' });
});

test('takes the attempt of a silent executor away and refuses its late outcome (P2, P4)', async () => {
  const runId = await start('single');
  const silent = await lease(await nextHint(runId));
  const hint = await nextHint(runId, 12_000);
  expect(hint.epoch).toBe(2);
  expect(await succeed(scheduler, silent)).toBe(false);
  await succeed(scheduler, await lease(hint));
  expect(await runState(runId)).toBe('succeeded');
});

test('keeps a lease that is renewed, and says through it that the run is cancelled (P5)', async () => {
  const runId = await start('single');
  const held = await lease(await nextHint(runId));
  const { taskId, epoch, token } = held;
  const renew = () =>
    scheduler.attempts.renewLeases(
      RenewLeasesRequest.create({
        executor: { executorId: 'executor-1', address: '127.0.0.1:1', pool: 'default' },
        renewals: [{ runId, taskId, epoch, token, rows: 3n, bytes: 30n }],
      }),
    );
  expect((await renew()).verdicts[0]).toMatchObject({ held: true, cancel: false });
  await scheduler.runs.cancelRun(CancelRunRequest.create({ runId, reason: 'not needed' }));
  expect((await renew()).verdicts[0]).toMatchObject({ held: true, cancel: true });
  expect(await runState(runId)).toBe('cancelling');
  const [row] = await fixture.query<{ rows: number }>(
    'select rows from floe.attempt where run_id = $1',
    [runId],
  );
  expect(row!.rows).toBe(3);
});

test('tells the executor of a cancel at once', async () => {
  const runId = await start('single');
  await lease(await nextHint(runId));
  const stops: string[] = [];
  const subscription = fixture.bus.subscribeControl('executor-1', (hint) => stops.push(hint.runId));
  await scheduler.runs.cancelRun(CancelRunRequest.create({ runId, reason: '' }));
  await eventually(() => stops.includes(runId), { withinMs: 2_000 });
  subscription.stop();
});

test('refuses to cancel what has ended, by its state', async () => {
  const runId = await start('single');
  await scheduler.runs.cancelRun(CancelRunRequest.create({ runId, reason: '' }));
  expect(await runState(runId)).toBe('cancelled');
  const again = scheduler.runs.cancelRun(CancelRunRequest.create({ runId, reason: '' }));
  await expect(again).rejects.toMatchObject({ code: 'RUN_ALREADY_ENDED' });
});

test('lets two schedulers work on the same run without harm', async () => {
  const other = await fixture.startScheduler();
  const runId = await start('chain');
  const first = await claim(other, await nextHint(runId));
  expect(await succeed(scheduler, first as AttemptLease)).toBe(true);
  const second = await claim(scheduler, await nextHint(runId));
  expect(await succeed(other, second as AttemptLease)).toBe(true);
  expect(await runState(runId)).toBe('succeeded');
});

test('announces again what JetStream lost (P1)', async () => {
  const runId = await start('single');
  await eventually(
    async () =>
      (await fixture.query('select 1 from floe.outbox where run_id = $1', [runId])).length === 0,
    { withinMs: 5_000 },
  );
  await fixture.nats.wipeAndRestart();
  const hint = await nextHint(runId, 30_000);
  await succeed(scheduler, await lease(hint));
  expect(await runState(runId)).toBe('succeeded');
}, 60_000);

test('goes on after PostgreSQL was killed (P4)', async () => {
  const runId = await start('single');
  const held = await lease(await nextHint(runId));
  await fixture.postgres.crashAndRestart();
  await eventually(() => succeed(scheduler, held), { withinMs: 15_000, everyMs: 100 });
  expect(await runState(runId)).toBe('succeeded');
}, 60_000);

test('never changes a terminal state, whoever asks', async () => {
  const runId = await start('single');
  await scheduler.runs.cancelRun(CancelRunRequest.create({ runId, reason: '' }));
  const update = fixture.query(`update floe.run set state = 'running' where run_id = $1`, [runId]);
  await expect(update).rejects.toThrow('cannot become');
});
