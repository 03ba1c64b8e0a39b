/** What is asked of a store about schedules and backfills, in one life of a schedule. */
import type { Schedule } from '@floe/schedule';
import type {
  NewRun,
  RunCommitter,
  ScheduleStore,
  ScheduleTransaction,
  SlotChange,
} from '@floe/scheduling';

export const SCHEDULE_ID = 'followed.often';
const CLAIM_A = '00000000-0000-4000-8000-00000000000a';
const CLAIM_B = '00000000-0000-4000-8000-00000000000b';
const EVERY_MS = 60_000;

export const OFTEN: Schedule = {
  name: 'often',
  description: '',
  everyMs: EVERY_MS,
  timezone: 'UTC',
  overlap: 'skip',
  catchupMs: 0,
  jitterMs: 0,
  parameters: {},
  paused: false,
};

/** How a store is told of a schedule and a backfill, as metadata and people tell it. */
export type Told = {
  readonly store: ScheduleStore;
  readonly committer: RunCommitter;
  readonly runOf: (runId: string, requestId: string) => NewRun;
  define(): Promise<void>;
  backfill(id: string, range: { readonly from: number; readonly to: number }): Promise<void>;
};

export const BACKFILL_ID = '00000000-0000-7000-8000-0000000000b1';
const runId = (last: string) => `00000000-0000-7000-8000-0000000000${last}`;

export async function tellScheduleLife({ store, committer, runOf, ...told }: Told) {
  const lines: unknown[] = [];
  const say = (what: string, value: unknown) => lines.push([what, value]);
  const inside = <Result>(work: (tx: ScheduleTransaction) => Promise<Result>) =>
    store.transaction(work);
  await told.define();
  const base = await inside(async (tx) => {
    const changed = await tx.lockChangedSchedules(10);
    const [{ changedAt, cursorAt, ...row }] = changed as [(typeof changed)[number]];
    say('changed', row);
    say('cursor', cursorAt === changedAt);
    const { scheduleId, revision, definition, isActive } = row;
    const lookAt = changedAt;
    await tx.writeFollowed([{ scheduleId, revision, definition, isActive, cursorAt, lookAt }]);
    return Math.ceil(changedAt / EVERY_MS) * EVERY_MS - 10 * EVERY_MS;
  });
  const slotOf = (index: number) => base + index * EVERY_MS;
  const indexOf = (slot: number) => (slot - base) / EVERY_MS;
  say('nothing changed', await inside((tx) => tx.lockChangedSchedules(10)));
  await inside(async (tx) => {
    const { schedules, now } = await tx.lockDueSchedules(10);
    say(
      'due',
      schedules.map(({ scheduleId, lastStartAt }) => ({ scheduleId, lastStartAt })),
    );
    say('pace', (await tx.paceAheadMs()) === 0);
    say('turn', (await tx.takeTurns(20)) >= now);
    const slot = { scheduleId: SCHEDULE_ID, reason: '', state: 'pending' } as const;
    const slots = [1, 2, 3].map((index) => {
      return { ...slot, slot: slotOf(index), dueAt: slotOf(index), startAt: slotOf(index) };
    });
    await tx.insertSlots(slots);
    await tx.insertSlots([{ ...slots[0]!, state: 'missed', reason: 'again' }]);
    const moved = { scheduleId: SCHEDULE_ID, cursorAt: slotOf(3), lastStartAt: slotOf(3) };
    await tx.advanceSchedules([moved]);
  });
  say('pace ahead', (await inside((tx) => tx.paceAheadMs())) > 500);
  say('not due', (await inside((tx) => tx.lockDueSchedules(10))).schedules);

  const claimed = async (claim: string) =>
    (await store.claimSchedules(claim)).map(({ scheduleId, workflowName, due, activeRuns }) => {
      return { scheduleId, workflowName, due: due.map(indexOf), activeRuns };
    });
  say('claimed', await claimed(CLAIM_A));
  say('not claimed', await claimed(CLAIM_B));
  const change = (index: number, rest: object) =>
    ({ scheduleId: SCHEDULE_ID, slot: slotOf(index), ...rest }) as SlotChange;
  const changes = [
    change(1, { kind: 'fire', requestId: 'slot:one' }),
    change(2, { kind: 'wait', reason: 'waits for run 1' }),
    change(3, { kind: 'skip', reason: 'too many' }),
  ];
  say('not by another', [...(await store.storeDecisions(CLAIM_B, changes))]);
  say('decided', [...(await store.storeDecisions(CLAIM_A, changes))]);
  say('of no slot', (await committer.create(runOf(runId('01'), 'slot:none'))).kind);
  say('fired', (await committer.create(runOf(runId('02'), 'slot:one'))).kind);
  say('fired again', (await committer.create(runOf(runId('03'), 'slot:one'))).kind);
  const late = [
    change(1, { kind: 'skip', reason: 'a later one came' }),
    change(2, { kind: 'fire', requestId: 'slot:two' }),
  ];
  say('not beside one that has begun', [...(await store.storeDecisions(CLAIM_A, late))]);
  await store.releaseSchedules(CLAIM_A);
  say('waits', await claimed(CLAIM_B));
  say('goes on', await store.settleSlots(1));
  await committer.submit(runId('02'), { type: 'cancel', reason: 'enough' });
  say('ended', await store.settleSlots(1));

  await told.backfill(BACKFILL_ID, { from: slotOf(1), to: slotOf(5) });
  say('backfills', await store.openBackfills(10));
  await inside(async (tx) => {
    const row = (await tx.lockBackfill(BACKFILL_ID))!;
    say('backfill', [row.state, row.maxActive, row.onlyMissing, indexOf(row.cursorAt)]);
    say('present', [...(await tx.findPresentSlots(SCHEDULE_ID, [slotOf(1), slotOf(2)]))]);
    const reached = [2, 3, 4].map((index) => ({ slot: slotOf(index), isPresent: index === 2 }));
    await tx.reachSlots(row, reached);
    const start = { slot: slotOf(3), requestId: 'backfill:three' };
    await tx.requestSlots(BACKFILL_ID, [start]);
  });
  const open = () =>
    inside(async (tx) => {
      await tx.settleBackfillSlots(BACKFILL_ID);
      const slots = await tx.openBackfillSlots(BACKFILL_ID);
      return slots.map(({ slot, ...rest }) => ({ index: indexOf(slot), ...rest }));
    });
  say('open', await open());
  say('started', (await committer.create(runOf(runId('04'), 'backfill:three'))).kind);
  say('open', await open());
  await committer.submit(runId('04'), { type: 'cancel', reason: 'enough' });
  say('open', await open());
  await inside(async (tx) => {
    await tx.cancelPendingSlots(BACKFILL_ID);
    say('bad', await tx.countBadSlots(BACKFILL_ID));
    await tx.endBackfill(BACKFILL_ID, 'failed');
  });
  say('no backfills', await store.openBackfills(10));
  say('gone', await inside((tx) => tx.lockBackfill(BACKFILL_ID)));
  return lines;
}
