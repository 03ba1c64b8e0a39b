// The promises of the scheduler on real PostgreSQL and NATS; the test plays the executor.
import { afterAll, beforeAll, expect, test } from 'vitest';
import { FloeError } from '@floe/errors';
import { CancelRunRequest, Run, StartRunRequest, TaskRun } from '@floe/rpc/contracts';
import { Lane, RenewLeasesRequest } from '@floe/rpc/internal-contracts';
import { eventually } from '@floe/testing';
import {
  SchedulerFixture,
  aWorkflow,
  exchange,
  fail,
  newToken,
  startRequest,
  succeed,
  succeeded,
  take,
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

test('runs tasks in order to the end, each handed over in the exchange that ends the one before', async () => {
  const runId = await start('chain');
  const first = await take(scheduler, runId);
  expect(first).toMatchObject({ taskId: 'first', epoch: 1n, lane: Lane.LIGHT });
  const { accepted, leases } = await exchange(scheduler, { finished: [succeeded(first)] });
  expect(accepted).toEqual([true]);
  expect(leases).toMatchObject([{ runId, taskId: 'second' }]);
  await succeed(scheduler, leases[0]!);
  expect(await runState(runId)).toBe('succeeded');
});

test('numbers the events of a run without a gap and tells subscribers of them', async () => {
  const runId = await start('single');
  await succeed(scheduler, await take(scheduler, runId));
  const batches = await fixture.query<{ first: number; last: number; events: { type: string }[] }>(
    `select first_sequence as first, last_sequence as last, events from floe.run_event_batch
     where run_id = $1 order by last_sequence`,
    [runId],
  );
  const types = batches.flatMap(({ events }) => events.map(({ type }) => type));
  expect(types).toEqual([
    'run.queued',
    'task.ready',
    'run.started',
    'task.running',
    'task.succeeded',
    'run.succeeded',
  ]);
  let sequence = 0;
  for (const { first, last, events } of batches) {
    expect([first, last]).toEqual([sequence + 1, sequence + events.length]);
    sequence = last;
  }
  const heard: { type: string; sequence: number }[] = [];
  const signal = AbortSignal.timeout(5_000);
  for await (const { event } of fixture.bus.subscribeEvents({ filter: { runId }, signal })) {
    heard.push({ type: `${event.entity}.${event.event}`, sequence: event.sequence });
    const { run, taskRun } = event.data as { run: object; taskRun?: object };
    expect(Run.toJSON(Run.fromJSON(run))).toEqual(JSON.parse(JSON.stringify(run)));
    if (taskRun !== undefined) expect(TaskRun.toJSON(TaskRun.fromJSON(taskRun))).toEqual(taskRun);
    if (event.event === 'succeeded' && event.entity === 'run') break;
  }
  expect(heard).toEqual(types.map((type, index) => ({ type, sequence: index + 1 })));
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
  const executors = [1, 2, 3, 4];
  const free = { slot: 0, light: 50 };
  const answers = await Promise.all(
    executors.map((executor) => exchange(scheduler, { executor, free })),
  );
  const held = answers.flatMap(({ leases }) => leases.filter((lease) => lease.runId === runId));
  expect(held).toHaveLength(1);
  expect(await succeed(scheduler, { ...held[0]!, token: 'forged' })).toBe(false);
  expect(await runState(runId)).toBe('running');
  expect(await succeed(scheduler, held[0]!)).toBe(true);
  expect(await succeed(scheduler, held[0]!)).toBe(true);
});

test('answers a repeated exchange as it did the first time', async () => {
  const runId = await start('chain');
  const first = await take(scheduler, runId);
  const offer = { token: newToken(), finished: [succeeded(first)] };
  const answer = await exchange(scheduler, offer);
  const again = await exchange(scheduler, { ...offer, repeated: true });
  expect(again.accepted).toEqual(answer.accepted);
  expect(again.leases).toEqual(answer.leases);
  expect(again.leases[0]).toMatchObject({ taskId: 'second', attemptNumber: 1 });
  expect(await succeed(scheduler, again.leases[0]!)).toBe(true);
  // A repetition whose first sending never came takes what there is.
  const next = await start('single');
  const fresh = { token: newToken(), repeated: true, free: { slot: 0, light: 50 } };
  expect((await exchange(scheduler, fresh)).leases.map((lease) => lease.runId)).toContain(next);
});

test('gives out by priority, then by age, within the pool and lane that were asked for', async () => {
  const pool = 'ranked';
  for (const priority of [2, 9, 5]) {
    await fixture.addWorkflow(aWorkflow(`rank-${priority}`, { only: [] }, { pool, priority }));
    await start(`rank-${priority}`);
  }
  await start('rank-9');
  const offer = { pool, free: { slot: 5, light: 2 } };
  const first = await exchange(scheduler, offer);
  expect(first.leases.map((lease) => lease.workflowName)).toEqual(['rank-9', 'rank-9']);
  expect(first.moreReady).toBe(true);
  const second = await exchange(scheduler, { ...offer, free: { slot: 5, light: 5 } });
  expect(second.leases.map((lease) => lease.workflowName)).toEqual(['rank-5', 'rank-2']);
  expect(second.moreReady).toBe(false);
  expect((await exchange(scheduler, { pool: 'elsewhere' })).leases).toEqual([]);
});

test('retries a failure, then fails with its words', async () => {
  const runId = await start('patient');
  await fail(scheduler, await take(scheduler, runId));
  const again = await take(scheduler, runId);
  expect(again.epoch).toBe(2n);
  await fail(scheduler, again);
  expect(await runState(runId)).toBe('failed');
  const [row] = await fixture.query<{ failure: object }>(
    'select failure from floe.run where run_id = $1',
    [runId],
  );
  expect(row!.failure).toMatchObject({ code: 'QUERY_FAILED', taskId: 'only' });
});

test('takes the attempt of a silent executor away and refuses its late outcome (P2, P4)', async () => {
  const runId = await start('single');
  const silent = await take(scheduler, runId);
  const again = await take(scheduler, runId, { executor: 2, withinMs: 12_000 });
  expect(again.epoch).toBe(2n);
  expect(await succeed(scheduler, silent)).toBe(false);
  await succeed(scheduler, again);
  expect(await runState(runId)).toBe('succeeded');
});

test('keeps a lease that is renewed, and says through it that the run is cancelled (P5)', async () => {
  const runId = await start('single');
  const held = await take(scheduler, runId);
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
  await take(scheduler, runId);
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
  expect(await succeed(scheduler, await take(other, runId))).toBe(true);
  expect(await succeed(other, await take(scheduler, runId))).toBe(true);
  expect(await runState(runId)).toBe('succeeded');
});

async function nextHint(pool: string, withinMs: number): Promise<boolean> {
  const deadline = performance.now() + withinMs;
  while (performance.now() < deadline) {
    const hint = await fixture.bus.nextHint({ pool, lane: 'light' }, { expiresMs: 1_000 });
    hint?.ack();
    if (hint !== undefined) return true;
  }
  return false;
}

test('wakes executors at once, and again when JetStream lost everything (P1)', async () => {
  await fixture.addWorkflow(aWorkflow('woken', { only: [] }, { pool: 'woken' }));
  const begunAt = performance.now();
  const runId = await start('woken');
  expect(await nextHint('woken', 5_000)).toBe(true);
  expect(performance.now() - begunAt).toBeLessThan(1_000);
  await fixture.nats.wipeAndRestart();
  expect(await nextHint('woken', 15_000)).toBe(true);
  const { leases } = await exchange(scheduler, { pool: 'woken' });
  expect(leases).toMatchObject([{ runId }]);
  await succeed(scheduler, leases[0]!);
  expect(await runState(runId)).toBe('succeeded');
}, 60_000);

test('goes on after PostgreSQL was killed (P4)', async () => {
  const runId = await start('single');
  const held = await take(scheduler, runId);
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
