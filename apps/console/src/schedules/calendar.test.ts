import { describe, expect, test } from 'vitest';
import type { Backfill, ScheduleSlot } from '@floe/client';
import {
  addMonths,
  calendarDays,
  calendarRange,
  formatMonth,
  parseMonth,
  toLocalInput,
} from './calendar.ts';

const now = new Date(2026, 10, 27);

test('months go through the address and back', () => {
  expect(formatMonth(parseMonth('2026-03', now))).toBe('2026-03');
  expect(formatMonth(parseMonth('2026-13', now))).toBe('2026-11');
  expect(formatMonth(parseMonth('', now))).toBe('2026-11');
  expect(formatMonth(addMonths(parseMonth('2026-12', now), 1))).toBe('2027-01');
});

test('writes a local time as a form has it', () => {
  expect(toLocalInput(new Date(2026, 2, 7, 9, 5))).toBe('2026-03-07T09:05');
});

describe('calendarDays', () => {
  test('has whole weeks from Monday to Sunday, every day once, also where clocks change', () => {
    for (const text of ['2026-02', '2026-03', '2026-06', '2026-10']) {
      const month = parseMonth(text, now);
      const days = calendarDays(month, { entries: [], backfills: [] });
      expect(days.length % 7).toBe(0);
      expect(days[0]!.date.getDay()).toBe(1);
      expect(new Set(days.map(({ date }) => date.toDateString())).size).toBe(days.length);
      expect(calendarRange(month).to.getTime()).toBeGreaterThan(days.at(-1)!.date.getTime());
    }
  });

  test('puts slots on their local day and backfills on all days of their range', () => {
    const at = (day: number, hour: number) => new Date(2026, 2, day, hour).toISOString();
    const slot = { slotTime: at(9, 23), state: 'SCHEDULE_SLOT_STATE_FIRED' } as ScheduleSlot;
    const backfill = { fromTime: at(10, 0), toTime: at(12, 0) } as Backfill;
    const days = calendarDays(new Date(2026, 2, 1), {
      entries: [
        { kind: 'slot', scheduleId: 's', slot },
        { kind: 'planned', scheduleId: 's', time: at(10, 0) },
      ],
      backfills: [backfill],
    });
    const ofMarch = days.filter(({ isInMonth }) => isInMonth);
    expect(ofMarch[8]!.entries).toMatchObject([{ kind: 'slot' }]);
    expect(ofMarch[9]!.entries).toMatchObject([{ kind: 'planned' }]);
    expect(ofMarch.filter(({ backfills }) => backfills.length > 0)).toEqual(ofMarch.slice(9, 11));
  });
});
