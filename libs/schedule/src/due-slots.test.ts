import fc from 'fast-check';
import { expect, test } from 'vitest';
import { dueSlots, type DueBounds } from './due-slots.ts';

const MINUTE = 60_000;
const BOUNDS: DueBounds = {
  promptMs: 5_000,
  lateMs: MINUTE,
  slotsMax: 1_000,
  catchUpsMax: 1_000,
};

function everyMinute(schedule: { jitterMs?: number; catchupMs?: number } = {}) {
  return {
    scheduleId: 'sales.minutely',
    schedule: { jitterMs: 0, catchupMs: 0, ...schedule },
    timetable: { kind: 'interval', everyMs: MINUTE },
  } as const;
}

test('a slot is judged once it is due, and by its age', () => {
  const at = { cursor: 0, now: 10 * MINUTE + 4_000 };
  const due = dueSlots(everyMinute({ catchupMs: 3 * MINUTE }), at, BOUNDS);
  expect(due.slots.map(({ slot, verdict }) => `${slot / MINUTE} ${verdict}`)).toEqual([
    ...[1, 2, 3, 4, 5, 6, 7].map((slot) => `${slot} missed`),
    '8 catch_up',
    '9 catch_up',
    '10 fire',
  ]);
  expect(due).toMatchObject({ cursor: 10 * MINUTE, nextDueAt: 11 * MINUTE, isCutShort: false });
});

test('without catch-up a slot is still made up for within the time that counts as late', () => {
  const due = dueSlots(everyMinute(), { cursor: 0, now: 2 * MINUTE + 30_000 }, BOUNDS);
  expect(due.slots.map(({ verdict }) => verdict)).toEqual(['missed', 'catch_up']);
});

test('bounds leave the rest for the next pass', () => {
  const at = { cursor: 0, now: 100 * MINUTE };
  const few = dueSlots(everyMinute(), at, { ...BOUNDS, slotsMax: 10 });
  expect(few).toMatchObject({ cursor: 10 * MINUTE, nextDueAt: 11 * MINUTE, isCutShort: true });
  const followed = everyMinute({ catchupMs: 50 * MINUTE });
  const paced = dueSlots(followed, at, { ...BOUNDS, catchUpsMax: 2 });
  expect(paced.slots.filter(({ verdict }) => verdict === 'catch_up')).toHaveLength(2);
  expect(paced.cursor).toBe(51 * MINUTE);
});

test('however the passes fall, every slot is judged once, in order, and not before it is due (S1, S2)', () => {
  const check = (pauses: readonly number[], jitterMs: number, slotsMax: number) => {
    const followed = everyMinute({ jitterMs, catchupMs: 86_400_000 });
    const judged: number[] = [];
    let [cursor, now] = [0, 0];
    for (const pause of pauses) {
      now += pause;
      const due = dueSlots(followed, { cursor, now }, { ...BOUNDS, slotsMax });
      for (const { slot, dueAt } of due.slots) {
        judged.push(slot);
        expect(dueAt).toBeLessThanOrEqual(now);
        expect(dueAt - slot).toBeLessThanOrEqual(jitterMs);
      }
      cursor = due.cursor;
    }
    const all = judged.map((_, index) => (index + 1) * MINUTE);
    expect(judged).toEqual(all);
  };
  const pauses = fc.array(fc.integer({ min: 0, max: 20 * MINUTE }), { maxLength: 30 });
  fc.assert(
    fc.property(
      pauses,
      fc.integer({ min: 0, max: 3 * MINUTE }),
      fc.integer({ min: 1, max: 9 }),
      check,
    ),
  );
});
