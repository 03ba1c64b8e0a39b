/**
 * Puts every slot that is due into the ledger.
 *
 *   R1. A slot enters the ledger in the transaction that moves the cursor past it: none is left out, none comes twice.
 *   R2. After an edit, slots up to the edit are those of the definition before; from it on, of the new one.
 *   R3. Slots of one schedule begin in their order; those that are made up for take turns with all others.
 */
import { toFloeError } from '@floe/errors';
import { dueSlots, timetableOf, type Due, type DueSlot, type Schedule } from '@floe/schedule';
import {
  advanceSchedules,
  insertSlots,
  lockDueSchedules,
  paceAheadMs,
  takeTurns,
  type Advanced,
  type NewSlot,
} from '../store/schedules/due-slots.ts';
import {
  lockChangedSchedules,
  writeFollowed,
  type ChangedSchedule,
  type Followed,
} from '../store/schedules/follow-definitions.ts';
import type { ScheduleContext } from './context.ts';
import {
  CATCH_UP_AGAIN_MS,
  CATCH_UP_AHEAD_MS,
  CATCH_UPS_PER_LOOK_MAX,
  CATCH_UPS_PER_SECOND,
  LATE_MS,
  PROMPT_MS,
  SCHEDULE_ROWS_MAX,
  SLOTS_PER_LOOK_MAX,
} from './limits.ts';

/** What one look at one schedule found. */
type Look = { readonly scheduleId: string; readonly due: Due; readonly lastStartAt: number };

/** Takes over definitions that changed. True when there may be more. */
export async function followDefinitions(context: ScheduleContext): Promise<boolean> {
  return context.db.transaction().execute(async (tx) => {
    const changed = await lockChangedSchedules(tx, SCHEDULE_ROWS_MAX);
    if (changed.length === 0) return false;
    const looks = changed.map((row) => lookBeforeChange(context, row));
    await recordSlots(context, tx, looks);
    await writeFollowed(
      tx,
      changed.map((row, index) => followed(context, row, looks[index]!)),
    );
    return changed.length === SCHEDULE_ROWS_MAX;
  });
}

/** R2: what the definition before still owes. */
function lookBeforeChange(context: ScheduleContext, row: ChangedSchedule): Look {
  const scheduleId = row.schedule_id;
  const nothing = { slots: [], cursor: row.cursor_at, isCutShort: false };
  if (!row.followed_is_active) return { scheduleId, due: nothing, lastStartAt: 0 };
  const schedule = row.followed_definition;
  // Jitter may have a slot from before the edit begin after it.
  const at = { cursor: row.cursor_at, now: row.changed_at + schedule.jitterMs };
  const due = lookAt(context, { scheduleId, schedule, at });
  const slots = due.slots.filter(({ slot }) => slot <= row.changed_at);
  const isCutShort = due.isCutShort && due.cursor < row.changed_at;
  return { scheduleId, due: { ...due, slots, isCutShort }, lastStartAt: 0 };
}

/** Until the definition before is through, it is followed; only then comes the new one. */
function followed(context: ScheduleContext, row: ChangedSchedule, { due }: Look): Followed {
  if (due.isCutShort) {
    return {
      schedule_id: row.schedule_id,
      revision: 0,
      definition: row.followed_definition,
      is_active: true,
      cursor_at: iso(due.cursor),
      look_at: null,
    };
  }
  const { revision, definition, is_active } = row;
  const next = is_active
    ? lookAt(context, {
        scheduleId: row.schedule_id,
        schedule: definition,
        at: { cursor: row.changed_at, now: row.changed_at },
      }).nextDueAt
    : undefined;
  return {
    schedule_id: row.schedule_id,
    revision,
    definition,
    is_active,
    cursor_at: iso(row.changed_at),
    look_at: next === undefined ? null : iso(next),
  };
}

/** Judges the slots of schedules that are due. True when there may be more. */
export async function recordDueSlots(context: ScheduleContext): Promise<boolean> {
  return context.db.transaction().execute(async (tx) => {
    const { schedules, now } = await lockDueSchedules(tx, SCHEDULE_ROWS_MAX);
    if (schedules.length === 0) return false;
    const hasTurns = (await paceAheadMs(tx)) < CATCH_UP_AHEAD_MS;
    const looks = schedules.map((row): Look => {
      const at = { cursor: row.cursor_at, now };
      const schedule = row.definition;
      const due = lookAt(context, { scheduleId: row.schedule_id, schedule, at, hasTurns });
      return { scheduleId: row.schedule_id, due, lastStartAt: row.last_start_at };
    });
    const starts = await recordSlots(context, tx, looks);
    await advanceSchedules(
      tx,
      looks.map((look, index) => advanced(look, { now, lastStartAt: starts[index]! })),
    );
    return schedules.length === SCHEDULE_ROWS_MAX;
  });
}

function advanced(
  { scheduleId, due }: Look,
  at: { readonly now: number; readonly lastStartAt: number },
): Advanced {
  const again = due.isCutShort ? at.now + CATCH_UP_AGAIN_MS : due.nextDueAt;
  return {
    schedule_id: scheduleId,
    cursor_at: iso(due.cursor),
    look_at: again === undefined ? null : iso(again),
    last_start_at: iso(at.lastStartAt),
  };
}

type Looking = {
  readonly scheduleId: string;
  readonly schedule: Schedule;
  readonly at: { readonly cursor: number; readonly now: number };
  readonly hasTurns?: boolean;
};

/** A schedule that this process cannot read any more, like one of a zone that was removed, must not stop the others. */
function lookAt(context: ScheduleContext, { scheduleId, schedule, at, hasTurns }: Looking): Due {
  const stopped = { slots: [], cursor: at.cursor, isCutShort: false };
  try {
    const timetable = timetableOf(schedule, context.zones);
    if (timetable !== undefined) {
      return dueSlots({ scheduleId, schedule, timetable }, at, {
        promptMs: PROMPT_MS,
        lateMs: LATE_MS,
        slotsMax: SLOTS_PER_LOOK_MAX,
        catchUpsMax: hasTurns === false ? 0 : CATCH_UPS_PER_LOOK_MAX,
      });
    }
    context.log.error({ schedule: scheduleId }, 'a schedule cannot be read, and is not followed');
  } catch (error) {
    const err = toFloeError(error);
    context.log.error({ err, schedule: scheduleId }, 'a schedule cannot be followed');
  }
  return stopped;
}

type Tx = Parameters<typeof insertSlots>[0];

/** Stores the slots; gives for each look when its last slot begins. */
async function recordSlots(
  context: ScheduleContext,
  tx: Tx,
  looks: readonly Look[],
): Promise<number[]> {
  const turns = looks
    .flatMap(({ due }) => due.slots)
    .filter(({ verdict }) => verdict === 'catch_up').length;
  let turn = turns === 0 ? 0 : await takeTurns(tx, turns);
  const slots: NewSlot[] = [];
  const lastStarts: number[] = [];
  for (const { scheduleId, due, lastStartAt } of looks) {
    let startAt = lastStartAt;
    for (const slot of due.slots) {
      if (slot.verdict === 'fire') startAt = Math.max(startAt, slot.dueAt);
      if (slot.verdict === 'catch_up') {
        startAt = Math.max(startAt, turn);
        turn += 1_000 / CATCH_UPS_PER_SECOND;
      }
      slots.push(newSlot(scheduleId, slot, startAt));
    }
    lastStarts.push(startAt);
  }
  await insertSlots(tx, slots, context.tzdataVersion);
  return lastStarts;
}

function newSlot(scheduleId: string, { slot, dueAt, verdict }: DueSlot, startAt: number): NewSlot {
  const isMissed = verdict === 'missed';
  return {
    schedule_id: scheduleId,
    slot_at: iso(slot),
    state: isMissed ? 'missed' : 'pending',
    due_at: iso(dueAt),
    start_at: iso(isMissed ? dueAt : startAt),
    reason: isMissed
      ? 'no scheduler was there in time, and catch-up does not reach back so far'
      : '',
  };
}

function iso(instant: number): string {
  return new Date(instant).toISOString();
}
