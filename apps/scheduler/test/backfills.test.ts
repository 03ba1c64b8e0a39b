// A backfill that loses slots, runs too many at once, ends too early, or goes on after its cancel.
import { afterAll, beforeAll, expect, test } from 'vitest';
import {
  BackfillState,
  CancelRunRequest,
  ListBackfillsRequest,
  ListScheduleSlotsRequest,
  StartBackfillRequest,
  type Backfill,
} from '@floe/rpc/contracts';
import { eventually } from '@floe/testing';
import { aSchedule, ScheduleFixture } from './schedule-fixture.ts';
import { startRequest, type SchedulerClients } from './scheduler-fixture.ts';

const WITHIN = { withinMs: 25_000, everyMs: 50 };
const HOUR_MS = 3_600_000;
const FROM = Date.UTC(2026, 0, 1);

let fixture: ScheduleFixture;
let schedulers: SchedulerClients[];

beforeAll(async () => {
  fixture = await ScheduleFixture.start(['sales', 'halved', 'holes', 'slow', 'beside', 'refused']);
  const parameters = { day: { slot: 'date' } } as const;
  for (const name of ['sales', 'halved', 'holes', 'slow', 'beside'])
    await fixture.define(name, [aSchedule('hourly', { paused: true, parameters })]);
  schedulers = [
    await fixture.schedulers.startScheduler(),
    await fixture.schedulers.startScheduler(),
    await fixture.schedulers.startScheduler(),
  ];
});

afterAll(() => fixture.stop());

function request(workflowName: string, hours: number, changes: Partial<StartBackfillRequest> = {}) {
  return StartBackfillRequest.create({
    workflowName,
    fromTime: new Date(FROM),
    toTime: new Date(FROM + hours * HOUR_MS),
    ...changes,
  });
}

async function start(workflow: string, hours: number, changes: Partial<StartBackfillRequest> = {}) {
  const started = await schedulers[0]!.runs.startBackfill(request(workflow, hours, changes));
  return started.backfill!.backfillId;
}

async function get(backfillId: string): Promise<Backfill> {
  return (await schedulers[1]!.runs.getBackfill({ backfillId })).backfill!;
}

function once(id: string, isWanted: (backfill: Backfill) => boolean): Promise<Backfill> {
  return eventually(async () => {
    const backfill = await get(id);
    return isWanted(backfill) ? backfill : false;
  }, WITHIN);
}

/** Ends the runs of a workflow that go on, well, as if executors had done their work. Gives how many there were. */
async function succeedRuns(workflow: string): Promise<number> {
  const ended = await fixture.schedulers.query(
    `update run set state = 'succeeded', ended_at = clock_timestamp(), wake_at = null, revision = revision + 1
     where workflow_name = $1 and ended_at is null returning run_id`,
    [workflow],
  );
  return ended.length;
}

/** Lets executors work until the backfill has ended; gives how many runs went on at once at most. */
async function work(workflow: string, id: string): Promise<number> {
  let most = 0;
  await eventually(async () => {
    most = Math.max(most, await succeedRuns(workflow));
    return (await get(id)).endTime !== undefined;
  }, WITHIN);
  return most;
}

test('runs every slot of the range once, a bounded number at once, with the parameters of its slot', async () => {
  const id = await start('sales', 60, { maxActive: 8, requestId: 'once' });
  const again = await schedulers[2]!.runs.startBackfill(
    request('sales', 60, { maxActive: 8, requestId: 'once' }),
  );
  expect(again).toMatchObject({ alreadyStarted: true, backfill: { backfillId: id } });
  await expect(
    schedulers[0]!.runs.startBackfill(request('sales', 61, { requestId: 'once' })),
  ).rejects.toMatchObject({ code: 'REQUEST_ID_REUSED' });
  expect(await work('sales', id)).toBeLessThanOrEqual(8);
  expect(await get(id)).toMatchObject({
    state: BackfillState.SUCCEEDED,
    totalSlots: 60,
    succeededSlots: 60,
    waitingSlots: 0,
    activeSlots: 0,
  });
  const runs = await fixture.runs('sales');
  expect(runs).toHaveLength(60);
  expect(new Set(runs.map(({ trigger }) => trigger))).toEqual(new Set(['backfill']));
  const days = runs.map(({ parameters }) => JSON.stringify(parameters));
  expect(days.filter((day) => day.includes('2026-01-02'))).toHaveLength(24);
}, 60_000);

test('a cancel at half ends with nothing running; another with only_missing completes it (L02)', async () => {
  const id = await start('halved', 40, { maxActive: 10 });
  await eventually(async () => {
    await succeedRuns('halved');
    return (await get(id)).succeededSlots >= 20;
  }, WITHIN);
  await once(id, ({ activeSlots }) => activeSlots > 0);
  await schedulers[2]!.runs.cancelBackfill({ backfillId: id });
  const cancelled = await once(id, ({ endTime }) => endTime !== undefined);
  expect(cancelled.state).toBe(BackfillState.CANCELLED);
  expect(cancelled.activeSlots).toBe(0);
  expect(await succeedRuns('halved')).toBe(0);
  await expect(schedulers[0]!.runs.resumeBackfill({ backfillId: id })).rejects.toMatchObject({
    code: 'BACKFILL_ALREADY_ENDED',
  });
  const rest = await start('halved', 40, { onlyMissing: true });
  await work('halved', rest);
  const completed = await get(rest);
  expect(completed).toMatchObject({
    state: BackfillState.SUCCEEDED,
    presentSlots: cancelled.succeededSlots,
  });
  expect(completed.succeededSlots + completed.presentSlots).toBe(40);
  const good = (await fixture.runs('halved')).filter(({ state }) => state === 'succeeded');
  expect(good).toHaveLength(40);
}, 60_000);

test('failed slots are counted, and only they are run again', async () => {
  const id = await start('holes', 6);
  await once(id, ({ activeSlots }) => activeSlots === 6);
  const [unlucky] = await fixture.runs('holes');
  await schedulers[0]!.runs.cancelRun(CancelRunRequest.create({ runId: unlucky!.run_id }));
  await work('holes', id);
  expect(await get(id)).toMatchObject({
    state: BackfillState.FAILED,
    succeededSlots: 5,
    cancelledSlots: 1,
  });
  const again = await start('holes', 6, { onlyMissing: true });
  await work('holes', again);
  expect(await get(again)).toMatchObject({ presentSlots: 5, succeededSlots: 1 });
});

test('a pause starts nothing more, and resuming goes on', async () => {
  const id = await start('slow', 12, { maxActive: 2 });
  await once(id, ({ activeSlots }) => activeSlots === 2);
  await schedulers[1]!.runs.pauseBackfill({ backfillId: id });
  await schedulers[1]!.runs.pauseBackfill({ backfillId: id });
  await succeedRuns('slow');
  await once(id, ({ succeededSlots }) => succeededSlots === 2);
  // Several looks of three schedulers go by: another backfill begins and ends meanwhile.
  await work('sales', await start('sales', 5));
  expect(await get(id)).toMatchObject({ state: BackfillState.PAUSED, activeSlots: 0 });
  await schedulers[0]!.runs.resumeBackfill({ backfillId: id });
  await work('slow', id);
  expect(await get(id)).toMatchObject({ state: BackfillState.SUCCEEDED, succeededSlots: 12 });
});

test('neither the ledger of the schedule nor manual runs are touched', async () => {
  const id = await start('beside', 3);
  await schedulers[0]!.runs.startRun(startRequest('beside'));
  await work('beside', id);
  expect(await fixture.slots('beside')).toEqual([]);
  expect(await fixture.runs('beside')).toHaveLength(4);
  const ledger = ListScheduleSlotsRequest.create({ scheduleId: 'beside.hourly' });
  expect((await schedulers[0]!.runs.listScheduleSlots(ledger)).slots).toEqual([]);
});

test.each([
  [{ fromTime: undefined }, 'from_time and to_time are needed'],
  [{ toTime: new Date(FROM) }, 'to_time is not after from_time'],
  [{ toTime: new Date(FROM + 1_000), fromTime: new Date(FROM + 500) }, 'no slot in this range'],
  [{ toTime: new Date(FROM + 200_000 * HOUR_MS) }, 'more than 100,000 slots'],
  [{ maxActive: 101 }, 'it must be from 1 to 100'],
  [{ workflowName: 'refused' }, 'has no schedule'],
  [{ scheduleId: 'sales.hurly' }, 'no schedule has the id'],
  [{ requestId: 'x'.repeat(129) }, 'more than 128 characters'],
])('refuses %o', async (changes, message) => {
  const bad = request('sales', 1, changes);
  await expect(schedulers[0]!.runs.startBackfill(bad)).rejects.toThrow(message);
});

test('lists pages, newest first', async () => {
  const first = await schedulers[0]!.runs.listBackfills(
    ListBackfillsRequest.create({ pageSize: 2 }),
  );
  expect(first.backfills).toHaveLength(2);
  const rest = await schedulers[0]!.runs.listBackfills(
    ListBackfillsRequest.create({ pageSize: 50, pageToken: first.nextPageToken }),
  );
  const times = [...first.backfills, ...rest.backfills].map((one) => one.createTime!.getTime());
  expect(times).toEqual(times.toSorted((a, b) => b - a));
  const bad = ListBackfillsRequest.create({ pageToken: 'nonsense' });
  await expect(schedulers[0]!.runs.listBackfills(bad)).rejects.toMatchObject({
    code: 'PAGE_TOKEN_INVALID',
  });
});
