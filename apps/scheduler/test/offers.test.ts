// Hunts the offer of room that is answered twice, too late, to one who is gone, or with what another has.
import { setTimeout as delay } from 'node:timers/promises';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { LEASE_FORM } from '@floe/rpc';
import { ExchangeAttemptsRequest } from '@floe/rpc/internal-contracts';
import {
  SchedulerFixture,
  aWorkflow,
  exchange,
  newToken,
  startRequest,
  succeed,
  succeeded,
  type SchedulerClients,
} from './scheduler-fixture.ts';

let fixture: SchedulerFixture;
let scheduler: SchedulerClients;

beforeAll(async () => {
  fixture = await SchedulerFixture.start();
  scheduler = await fixture.startScheduler();
  await fixture.addWorkflow(aWorkflow('single', { only: [] }));
  await fixture.addWorkflow(aWorkflow('chain', { first: [], second: ['first'] }));
  const heavy = aWorkflow('heavy', { a: [], b: [], c: [] });
  // A type that no scheduler knows is for a worker.
  const tasks = heavy.tasks.map((task) => ({ ...task, type: 'of tomorrow' }));
  await fixture.addWorkflow({ ...heavy, tasks });
});

afterAll(() => fixture.stop());

type Room = { readonly slot?: number; readonly light?: number };

function anOffer(executor: number, { slot = 0, light = 0 }: Room, waitMs = 5_000) {
  return ExchangeAttemptsRequest.create({
    executorId: `executor-${executor}`,
    pool: 'default',
    token: newToken(),
    freeSlots: slot,
    freeLight: light,
    waitMs,
    leaseForm: LEASE_FORM,
  });
}

/** Sends an offer, and lets it arrive. */
async function offer(
  executor: number,
  room: Room,
  options: { readonly waitMs?: number; readonly deadlineMs?: number } = {},
) {
  const request = anOffer(executor, room, options.waitMs);
  const { deadlineMs = 8_000 } = options;
  const answer = scheduler.attempts.exchangeAttempts(request, { deadlineMs });
  answer.catch(() => undefined);
  await delay(100);
  return { request, answer };
}

async function start(workflow: string): Promise<string> {
  const { run } = await scheduler.runs.startRun(startRequest(workflow));
  return run!.runId;
}

test('what a run makes ready is claimed for an offer in the transaction that stores the run', async () => {
  const { answer } = await offer(1, { light: 2 });
  const runId = await start('single');
  const { leases, moreReady } = await answer;
  expect(leases).toMatchObject([{ runId, taskId: 'only', epoch: 1n }]);
  expect(moreReady).toBe(false);
  const [times] = await fixture.query<{ waited: number }>(
    `select extract(epoch from a.claimed_at - r.created_at) * 1000 as waited
     from floe.attempt a join floe.run r using (run_id) where run_id = $1`,
    [runId],
  );
  expect(Number(times!.waited)).toBe(0);
  expect(await succeed(scheduler, leases[0]!)).toBe(true);
});

test('a successor goes to whoever ends the task before, and to offers only what is left', async () => {
  const first = await offer(1, { light: 1 });
  await start('chain');
  const { leases } = await first.answer;
  const second = await offer(2, { light: 1 }, { waitMs: 300 });
  const handed = await exchange(scheduler, { finished: [succeeded(leases[0]!)] });
  expect(handed.leases).toMatchObject([{ taskId: 'second' }]);
  expect((await second.answer).leases).toEqual([]);
  await succeed(scheduler, handed.leases[0]!);
});

test('tasks for workers are spread over those who wait', async () => {
  const offers = [await offer(1, { slot: 3 }), await offer(2, { slot: 3 })];
  await start('heavy');
  const answers = await Promise.all(offers.map(({ answer }) => answer));
  expect(answers.map(({ leases }) => leases.length).toSorted((a, b) => a - b)).toEqual([1, 2]);
  for (const lease of answers.flatMap(({ leases }) => leases)) await succeed(scheduler, lease);
});

test('an offer that has too little room says that more is ready', async () => {
  const { answer } = await offer(1, { slot: 2 });
  await start('heavy');
  const { leases, moreReady } = await answer;
  expect(leases).toHaveLength(2);
  expect(moreReady).toBe(true);
  const rest = await exchange(scheduler, { free: { slot: 1, light: 0 } });
  for (const lease of [...leases, ...rest.leases]) await succeed(scheduler, lease);
});

test('an offer is let go by its time, by a recall, and by a newer one of the same executor', async () => {
  const timed = await offer(1, { light: 1 }, { waitMs: 200 });
  expect(await timed.answer).toMatchObject({ leases: [], accepted: [], moreReady: false });
  const recalled = await offer(1, { light: 1 });
  const { executorId, token } = recalled.request;
  await scheduler.attempts.recallOffer({ executorId, token: newToken() });
  await scheduler.attempts.recallOffer({ executorId, token });
  expect((await recalled.answer).leases).toEqual([]);
  const older = await offer(1, { light: 1 });
  const newer = await offer(1, { light: 1 });
  expect((await older.answer).leases).toEqual([]);
  const runId = await start('single');
  const { leases } = await newer.answer;
  expect(leases).toMatchObject([{ runId }]);
  await succeed(scheduler, leases[0]!);
});

test('a recall by another token ends nothing', async () => {
  const { request, answer } = await offer(1, { light: 1 });
  await scheduler.attempts.recallOffer({ executorId: request.executorId, token: newToken() });
  const runId = await start('single');
  expect((await answer).leases).toMatchObject([{ runId }]);
  await succeed(scheduler, (await answer).leases[0]!);
});

test('a recall that overtakes its offer ends it when it comes', async () => {
  const request = anOffer(1, { light: 1 });
  const { executorId, token } = request;
  await scheduler.attempts.recallOffer({ executorId, token });
  const overtaken = await scheduler.attempts.exchangeAttempts(request, { deadlineMs: 4_000 });
  expect(overtaken.leases).toEqual([]);
  const { answer } = await offer(1, { light: 1 });
  const runId = await start('single');
  expect((await answer).leases).toMatchObject([{ runId }]);
  await succeed(scheduler, (await answer).leases[0]!);
});

test('one who is gone is given nothing', async () => {
  const gone = await offer(1, { light: 1 }, { deadlineMs: 150 });
  await expect(gone.answer).rejects.toMatchObject({ code: 'DEADLINE_EXCEEDED' });
  await delay(50);
  const runId = await start('single');
  const { leases } = await exchange(scheduler, { executor: 2 });
  expect(leases).toMatchObject([{ runId }]);
  await succeed(scheduler, leases[0]!);
});

test('what an unheard answer brought is had again under its token', async () => {
  const { request, answer } = await offer(1, { light: 1 });
  const runId = await start('single');
  await answer;
  const again = await exchange(scheduler, {
    token: request.token,
    repeated: true,
    free: { slot: 0, light: 0 },
  });
  expect(again.leases).toMatchObject([{ runId, token: request.token }]);
  await succeed(scheduler, again.leases[0]!);
});

test.each([
  ['without room', {}],
  ['that ends something', { freeLight: 1, finished: [succeeded(aLease())] }],
])('refuses an offer %s', async (_, change) => {
  const request = { ...anOffer(1, {}), ...change };
  const sent = scheduler.attempts.exchangeAttempts(request);
  await expect(sent).rejects.toMatchObject({ code: 'ARGUMENT_INVALID' });
});

function aLease() {
  const runId = '00000000-0000-7000-8000-000000000000';
  return { runId, taskId: 'only', epoch: 1n, token: newToken() } as never;
}

test('a scheduler that stops keeps nobody waiting', async () => {
  const other = await fixture.startScheduler();
  const sent = other.attempts.exchangeAttempts(anOffer(1, { light: 1 }));
  await delay(100);
  const startedAt = performance.now();
  await Promise.all([other.service.stop(), sent]);
  expect((await sent).leases).toEqual([]);
  expect(performance.now() - startedAt).toBeLessThan(3_000);
});

test('an executor that does not know the form of the leases is given none, and ends what it has', async () => {
  const runId = await start('single');
  const older = { executor: 81, leaseForm: LEASE_FORM - 1 };
  expect(await exchange(scheduler, older)).toMatchObject({ leases: [], moreReady: false });
  const offered = { ...anOffer(81, { light: 1 }, 300), leaseForm: LEASE_FORM - 1 };
  expect(await scheduler.attempts.exchangeAttempts(offered)).toMatchObject({ leases: [] });
  const [lease] = (await exchange(scheduler, { executor: 82 })).leases;
  expect(lease).toMatchObject({ runId });
  // As after an upgrade of the scheduler under its work.
  const finished = [succeeded(lease!)];
  expect(await exchange(scheduler, { ...older, finished })).toMatchObject({ accepted: [true] });
});
