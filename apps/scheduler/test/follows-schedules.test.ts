// Slots that are lost or doubled: many schedulers, the same second, an outage, an edit, a pause.
import { afterAll, beforeAll, expect, test } from 'vitest';
import { CancelRunRequest } from '@floe/rpc/contracts';
import { aSchedule, dailyIn, ScheduleFixture, type SlotRow } from './schedule-fixture.ts';
import { startRequest, type SchedulerClients } from './scheduler-fixture.ts';

// As many as the catalogue of troubles asks for.
const SCHEDULE_COUNT = 1_000;
const MINUTE_MS = 60_000;
const HOUR_MS = 3_600_000;

let fixture: ScheduleFixture;
let schedulers: SchedulerClients[];

beforeAll(async () => {
  fixture = await ScheduleFixture.start([
    'crowd',
    'absent',
    'behind',
    'busy',
    'waiting',
    'replaced',
    'edited',
    'paused',
    'broken',
  ]);
  schedulers = [
    await fixture.schedulers.startScheduler(),
    await fixture.schedulers.startScheduler(),
    await fixture.schedulers.startScheduler(),
  ];
});

afterAll(() => fixture.stop());

const states = (slots: readonly SlotRow[]) => slots.map(({ state }) => state);

async function endRun(runId: string): Promise<void> {
  await schedulers[0]!.runs.cancelRun(CancelRunRequest.create({ runId, reason: 'test' }));
}

test('three schedulers fire 1,000 schedules of one second once each, beside a manual run (C23, C24)', async () => {
  const { at, ...daily } = dailyIn(4_000);
  const parameters = { day: { slot: 'date' } } as const;
  const names = Array.from({ length: SCHEDULE_COUNT }, (_, index) => `s${index}`);
  await fixture.define(
    'crowd',
    names.map((name) => aSchedule(name, { ...daily, parameters })),
  );
  const manual = await schedulers[1]!.runs.startRun(startRequest('crowd'));
  const slots = await fixture.slotsThat(
    'crowd',
    (rows) => rows.filter(({ state }) => state === 'fired').length >= SCHEDULE_COUNT,
  );
  expect(slots).toHaveLength(SCHEDULE_COUNT);
  expect(new Set(slots.map(({ run_id }) => run_id)).size).toBe(SCHEDULE_COUNT);
  expect(new Set(slots.map(({ slot_at }) => slot_at))).toEqual(new Set([at]));
  expect(new Set(slots.map(({ tzdata_version }) => tzdata_version))).toEqual(
    new Set([process.versions.tz]),
  );
  const runs = await fixture.runs('crowd');
  expect(runs.filter(({ trigger }) => trigger === 'schedule')).toHaveLength(SCHEDULE_COUNT);
  expect(runs.filter(({ run_id }) => run_id === manual.run!.runId)).toHaveLength(1);
  expect(runs.find(({ trigger }) => trigger === 'schedule')!.parameters).toEqual({
    day: { kind: 'date', value: new Date(at).toISOString().slice(0, 10) },
  });
}, 60_000);

test('after an outage without catch-up every slot is missed, with the reason', async () => {
  await fixture.define('absent', [aSchedule('hourly')]);
  await fixture.isFollowed('absent');
  await fixture.loseTime('absent', 6 * HOUR_MS + 60_000);
  const slots = await fixture.slotsThat('absent', (rows) => rows.length >= 6);
  const old = slots.filter(({ slot_at }) => slot_at < Date.now() - 120_000);
  expect(new Set(states(old))).toEqual(new Set(['missed']));
  expect(old[0]!.reason).toContain('no scheduler was there in time');
  expect(old.length).toBeGreaterThanOrEqual(5);
});

test('after an outage slots within the catch-up are made up for, at a bounded rate (C25)', async () => {
  const names = Array.from({ length: 20 }, (_, index) => `s${index}`);
  const changes = { everyMs: 600_000, catchupMs: HOUR_MS, overlap: 'allow' } as const;
  await fixture.define(
    'behind',
    names.map((name) => aSchedule(name, changes)),
  );
  await fixture.isFollowed('behind');
  const lostAtMs = Date.now();
  await fixture.loseTime('behind', 2 * HOUR_MS);
  const slots = await fixture.slotsThat(
    'behind',
    (rows) => rows.length >= 240 && rows.every(({ state }) => state !== 'pending'),
  );
  const fired = slots.filter(({ state }) => state === 'fired');
  expect(fired.length).toBeGreaterThanOrEqual(100);
  expect(states(slots).filter((state) => state === 'missed').length).toBeGreaterThanOrEqual(100);
  expect(await fixture.runs('behind')).toHaveLength(fired.length);
  const starts = fired
    // One whose time comes just now takes no turn: it begins right behind those of its schedule.
    .filter(({ slot_at }) => slot_at < lostAtMs - MINUTE_MS)
    .map(({ start_at }) => start_at)
    .toSorted((a, b) => a - b);
  for (const [index, start] of starts.entries()) {
    const later = starts[index + 20];
    if (later !== undefined) expect(later - start).toBeGreaterThanOrEqual(999);
  }
}, 60_000);

/** One more slot of a schedule, as if its time had come. */
async function due(scheduleId: string, minutesAgo: number): Promise<void> {
  await fixture.schedulers.query(
    `insert into schedule_slot (schedule_id, slot_at, state, due_at, start_at, tzdata_version)
     select $1, t, 'pending', t, clock_timestamp(), 'test'
     from (select date_trunc('second', clock_timestamp()) - make_interval(mins => $2) as t) x`,
    [scheduleId, minutesAgo],
  );
}

test('skip: a slot that comes while a run goes on makes no run, and says why', async () => {
  await fixture.define('busy', [aSchedule('s', { overlap: 'skip' })]);
  await fixture.isFollowed('busy');
  await due('busy.s', 3);
  const [first] = await fixture.slotsThat('busy', (rows) => rows[0]?.state === 'fired');
  await due('busy.s', 2);
  const skipped = await fixture.slotsThat('busy', (rows) => rows[1]?.state === 'skipped');
  expect(skipped[1]!.reason).toBe(`run ${first!.run_id} was going on`);
  await endRun(first!.run_id!);
  await due('busy.s', 1);
  await fixture.slotsThat('busy', (rows) => rows[2]?.state === 'fired');
});

test('queue: slots wait for the run before them, and begin in their order', async () => {
  await fixture.define('waiting', [aSchedule('s', { overlap: 'queue' })]);
  await fixture.isFollowed('waiting');
  for (const minutes of [3, 2, 1]) await due('waiting.s', minutes);
  for (const count of [1, 2, 3]) {
    const slots = await fixture.slotsThat(
      'waiting',
      (rows) => rows.filter(({ state }) => state === 'fired').length === count,
    );
    expect(states(slots)).toEqual(
      [1, 2, 3].map((number) => (number <= count ? 'fired' : 'pending')),
    );
    await endRun(slots[count - 1]!.run_id!);
  }
});

test('cancel_previous: the run before is cancelled, and the newest slot begins', async () => {
  await fixture.define('replaced', [aSchedule('s', { overlap: 'cancel_previous' })]);
  await fixture.isFollowed('replaced');
  await due('replaced.s', 3);
  await fixture.slotsThat('replaced', (rows) => rows[0]?.state === 'fired');
  await due('replaced.s', 1);
  const slots = await fixture.slotsThat('replaced', (rows) => rows[1]?.state === 'fired');
  expect(states(slots)).toEqual(['fired', 'fired']);
  expect((await fixture.runs('replaced')).map(({ state }) => state)).toEqual([
    'cancelled',
    'queued',
  ]);
});

test('an edit takes effect from its instant on; what was due before is still of the old line', async () => {
  const { at, ...soon } = dailyIn(1_500);
  await fixture.define('edited', [aSchedule('s', soon)]);
  await fixture.slotsThat('edited', (rows) => rows[0]?.state === 'fired');
  await fixture.loseTime('edited', 2 * 24 * HOUR_MS);
  await fixture.schedulers.query(
    `update schedule_state set look_at = null where schedule_id = 'edited.s'`,
  );
  const next = dailyIn(2_000);
  await fixture.define('edited', [
    aSchedule('s', { cron: next.cron!, dst: next.dst!, overlap: 'allow' }),
  ]);
  const slots = await fixture.slotsThat(
    'edited',
    (rows) => rows.at(-1)?.slot_at === next.at && rows.at(-1)?.state === 'fired',
  );
  expect(slots.map(({ slot_at }) => slot_at)).toEqual([at - 24 * HOUR_MS, at, next.at]);
  expect(states(slots)).toEqual(['missed', 'fired', 'fired']);
});

test('paused schedules have no slots, and resuming does not make up for them', async () => {
  const { at: _, ...soon } = dailyIn(1_500);
  await fixture.define('paused', [aSchedule('s', { ...soon, catchupMs: HOUR_MS })]);
  await fixture.setPaused('paused.s', true);
  await fixture.isFollowed('paused');
  const marker = dailyIn(2_500);
  await fixture.define('edited', [aSchedule('marker', { cron: marker.cron!, dst: marker.dst! })]);
  await fixture.slotsThat('edited', (rows) => rows.some((row) => row.slot_at === marker.at));
  await fixture.setPaused('paused.s', false);
  await fixture.isFollowed('paused');
  expect(await fixture.slots('paused')).toEqual([]);
});

test('a slot whose parameters do not fit ends as missed, with the reason; others go on', async () => {
  const { at: _, ...soon } = dailyIn(1_500);
  await fixture.define('broken', [
    aSchedule('bad', { ...soon, parameters: { day: 'yesterday' } }),
    aSchedule('good', { ...soon, parameters: { day: { slot: 'previous_date' } } }),
  ]);
  const slots = await fixture.slotsThat(
    'broken',
    (rows) => rows.length === 2 && !states(rows).includes('pending'),
  );
  expect(states(slots)).toEqual(['missed', 'fired']);
  expect(slots[0]!.reason).toContain('its run could not be made: `params.day`: must be a date');
});

test('a scheduler that was overtaken cannot fire its slot (F1)', async () => {
  await due('broken.good', 5);
  const slot = (
    await fixture.slotsThat('broken', (rows) => rows.length === 3 && rows[1]?.state !== 'pending')
  )[1]!;
  expect(['fired', 'skipped']).toContain(slot.state);
  const stored = await fixture.schedulers.query(
    `insert into run_request (request_id, run_id) values ('slot:overtaken', gen_random_uuid()) returning run_id`,
  );
  expect(stored).toEqual([]);
  await expect(
    fixture.schedulers.query(
      `update schedule_slot set state = 'missed', run_id = null where state = 'fired'`,
    ),
  ).rejects.toThrow(/is fired and cannot become missed/);
  await expect(
    schedulers[0]!.runs.startRun(startRequest('broken', 'slot:mine')),
  ).rejects.toMatchObject({ code: 'ARGUMENT_INVALID' });
});
