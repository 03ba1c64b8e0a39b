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
  CATCH_UP_AGAIN_MS,
  CATCH_UP_AHEAD_MS,
  CATCH_UPS_PER_LOOK_MAX,
  CATCH_UPS_PER_SECOND,
  LATE_MS,
  PROMPT_MS,
  SCHEDULE_ROWS_MAX,
  SLOTS_PER_LOOK_MAX,
} from './limits.ts';
import type { SchedulePorts } from './ports.ts';
import type {
  AdvancedSchedule,
  ChangedSchedule,
  FollowedDefinition,
  NewSlot,
  ScheduleTransaction,
} from './schedule-store.ts';

/** What one look at one schedule found. */
type Look = { readonly scheduleId: string; readonly due: Due; readonly lastStartAt: number };

/** Takes over definitions that changed. True when there may be more. */
export async function followDefinitions(ports: SchedulePorts): Promise<boolean> {
  return ports.store.transaction(async (tx) => {
    const changed = await tx.lockChangedSchedules(SCHEDULE_ROWS_MAX);
    if (changed.length === 0) return false;
    const looks = changed.map((row) => lookBeforeChange(ports, row));
    await recordSlots(tx, looks);
    await tx.writeFollowed(changed.map((row, index) => followed(ports, row, looks[index]!)));
    return changed.length === SCHEDULE_ROWS_MAX;
  });
}

/** R2: what the definition before still owes. */
function lookBeforeChange(ports: SchedulePorts, row: ChangedSchedule): Look {
  const scheduleId = row.scheduleId;
  const nothing = { slots: [], cursor: row.cursorAt, isCutShort: false };
  if (!row.wasActive) return { scheduleId, due: nothing, lastStartAt: 0 };
  const schedule = row.followedDefinition;
  // Jitter may have a slot from before the edit begin after it.
  const at = { cursor: row.cursorAt, now: row.changedAt + schedule.jitterMs };
  const due = lookAt(ports, { scheduleId, schedule, at });
  const slots = due.slots.filter(({ slot }) => slot <= row.changedAt);
  const isCutShort = due.isCutShort && due.cursor < row.changedAt;
  return { scheduleId, due: { ...due, slots, isCutShort }, lastStartAt: 0 };
}

/** Until the definition before is through, it is followed; only then comes the new one. */
function followed(ports: SchedulePorts, row: ChangedSchedule, { due }: Look): FollowedDefinition {
  if (due.isCutShort) {
    return {
      scheduleId: row.scheduleId,
      revision: 0,
      definition: row.followedDefinition,
      isActive: true,
      cursorAt: due.cursor,
    };
  }
  const { revision, definition, isActive } = row;
  const next = isActive
    ? lookAt(ports, {
        scheduleId: row.scheduleId,
        schedule: definition,
        at: { cursor: row.changedAt, now: row.changedAt },
      }).nextDueAt
    : undefined;
  return {
    scheduleId: row.scheduleId,
    revision,
    definition,
    isActive,
    cursorAt: row.changedAt,
    ...(next !== undefined && { lookAt: next }),
  };
}

/** Judges the slots of schedules that are due. True when there may be more. */
export async function recordDueSlots(ports: SchedulePorts): Promise<boolean> {
  return ports.store.transaction(async (tx) => {
    const { schedules, now } = await tx.lockDueSchedules(SCHEDULE_ROWS_MAX);
    if (schedules.length === 0) return false;
    const hasTurns = (await tx.paceAheadMs()) < CATCH_UP_AHEAD_MS;
    const looks = schedules.map((row): Look => {
      const at = { cursor: row.cursorAt, now };
      const schedule = row.definition;
      const due = lookAt(ports, { scheduleId: row.scheduleId, schedule, at, hasTurns });
      return { scheduleId: row.scheduleId, due, lastStartAt: row.lastStartAt };
    });
    const starts = await recordSlots(tx, looks);
    await tx.advanceSchedules(
      looks.map((look, index) => advanced(look, { now, lastStartAt: starts[index]! })),
    );
    return schedules.length === SCHEDULE_ROWS_MAX;
  });
}

function advanced(
  { scheduleId, due }: Look,
  at: { readonly now: number; readonly lastStartAt: number },
): AdvancedSchedule {
  const again = due.isCutShort ? at.now + CATCH_UP_AGAIN_MS : due.nextDueAt;
  return {
    scheduleId,
    cursorAt: due.cursor,
    ...(again !== undefined && { lookAt: again }),
    lastStartAt: at.lastStartAt,
  };
}

type Looking = {
  readonly scheduleId: string;
  readonly schedule: Schedule;
  readonly at: { readonly cursor: number; readonly now: number };
  readonly hasTurns?: boolean;
};

/** A schedule that this process cannot read any more, like one of a zone that was removed, must not stop the others. */
function lookAt(ports: SchedulePorts, { scheduleId, schedule, at, hasTurns }: Looking): Due {
  const stopped = { slots: [], cursor: at.cursor, isCutShort: false };
  try {
    const timetable = timetableOf(schedule, ports.zones);
    if (timetable !== undefined) {
      return dueSlots({ scheduleId, schedule, timetable }, at, {
        promptMs: PROMPT_MS,
        lateMs: LATE_MS,
        slotsMax: SLOTS_PER_LOOK_MAX,
        catchUpsMax: hasTurns === false ? 0 : CATCH_UPS_PER_LOOK_MAX,
      });
    }
    ports.log.error({ schedule: scheduleId }, 'a schedule cannot be read, and is not followed');
  } catch (error) {
    const err = toFloeError(error);
    ports.log.error({ err, schedule: scheduleId }, 'a schedule cannot be followed');
  }
  return stopped;
}

/** Stores the slots; gives for each look when its last slot begins. */
async function recordSlots(tx: ScheduleTransaction, looks: readonly Look[]): Promise<number[]> {
  const turns = looks
    .flatMap(({ due }) => due.slots)
    .filter(({ verdict }) => verdict === 'catch_up').length;
  let turn = turns === 0 ? 0 : await tx.takeTurns(turns);
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
  await tx.insertSlots(slots);
  return lastStarts;
}

function newSlot(scheduleId: string, { slot, dueAt, verdict }: DueSlot, startAt: number): NewSlot {
  const isMissed = verdict === 'missed';
  return {
    scheduleId,
    slot,
    state: isMissed ? 'missed' : 'pending',
    dueAt,
    startAt: isMissed ? dueAt : startAt,
    reason: isMissed
      ? 'no scheduler was there in time, and catch-up does not reach back so far'
      : '',
  };
}
