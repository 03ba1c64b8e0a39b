/**
 * Which slots are due by now, and what is to become of each.
 *
 *   S1. Slots are judged in their order, each once: the judgement of one pass begins where the one before ended.
 *   S2. A slot is due at its instant plus its jitter; it is never judged before.
 *   S3. What is judged depends on the schedule, the cursor and the instant alone, so any scheduler may go on.
 */
import type { Schedule } from './schedule.ts';
import { slotDelayMs } from './jitter.ts';
import { nextSlot, type Timetable } from './timetable.ts';

/** `fire` at once, `catch_up` at its turn, or `missed`: it is too old. */
export type DueVerdict = 'fire' | 'catch_up' | 'missed';

export type DueSlot = {
  readonly slot: number;
  readonly dueAt: number;
  readonly verdict: DueVerdict;
};

export type DueBounds = {
  /** A slot that is later than this waits for its turn: after an outage not everything begins at once. */
  readonly promptMs: number;
  /** A slot that is later than this is missed, unless the schedule catches up further. */
  readonly lateMs: number;
  readonly slotsMax: number;
  readonly catchUpsMax: number;
};

export type Due = {
  readonly slots: readonly DueSlot[];
  /** Slots up to here are judged. */
  readonly cursor: number;
  /** When the slot after the cursor is due; it may have passed when a bound was reached. Absent when none comes. */
  readonly nextDueAt?: number;
  /** There is more to judge, and a bound kept it for the next pass. */
  readonly isCutShort: boolean;
};

export type FollowedSchedule = {
  readonly scheduleId: string;
  readonly schedule: Pick<Schedule, 'jitterMs' | 'catchupMs'>;
  readonly timetable: Timetable;
};

export function dueSlots(
  followed: FollowedSchedule,
  at: { readonly cursor: number; readonly now: number },
  bounds: DueBounds,
): Due {
  const slots: DueSlot[] = [];
  let catchUps = 0;
  let cursor = at.cursor;
  for (;;) {
    const slot = nextSlot(followed.timetable, cursor);
    if (slot === undefined) return { slots, cursor, isCutShort: false };
    const dueAt = slot + slotDelayMs(followed.scheduleId, slot, followed.schedule.jitterMs);
    if (dueAt > at.now) return { slots, cursor, nextDueAt: dueAt, isCutShort: false };
    const verdict = judge(at.now - dueAt, followed.schedule.catchupMs, bounds);
    if (verdict === 'catch_up') catchUps += 1;
    if (slots.length === bounds.slotsMax || catchUps > bounds.catchUpsMax) {
      return { slots, cursor, nextDueAt: dueAt, isCutShort: true };
    }
    slots.push({ slot, dueAt, verdict });
    cursor = slot;
  }
}

function judge(ageMs: number, catchupMs: number, bounds: DueBounds): DueVerdict {
  if (ageMs <= bounds.promptMs) return 'fire';
  return ageMs <= Math.max(bounds.lateMs, catchupMs) ? 'catch_up' : 'missed';
}
