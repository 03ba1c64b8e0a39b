import type { Backfill, Schedule } from '@floe/client';
import { floe } from '../api.ts';
import { calendarRange } from './calendar.ts';
import type { CalendarEntry } from './calendar.ts';
import { serverNow } from '../server-clock.ts';

// The most that the API gives at once: some schedules a minute are then told in part, and the page says so.
const SLOTS_MAX = 500;
const SCHEDULES_MAX = 100;
const BACKFILLS_MAX = 100;

export type MonthOfSchedules = {
  readonly schedules: readonly Schedule[];
  readonly entries: readonly CalendarEntry[];
  readonly backfills: readonly Backfill[];
  /** There may be more slots than are shown. */
  readonly isCut: boolean;
};

/** What fell due in a month, what will, and the backfills. */
export async function loadMonth(month: Date): Promise<MonthOfSchedules> {
  const [{ schedules }, { backfills }] = await Promise.all([
    floe.listSchedules({ pageSize: SCHEDULES_MAX }),
    floe.listBackfills({ pageSize: BACKFILLS_MAX }),
  ]);
  const parts = await Promise.all(schedules.map((schedule) => loadEntries(schedule, month)));
  return {
    schedules,
    backfills,
    entries: parts.flat(),
    isCut: parts.some(({ length }) => length >= SLOTS_MAX),
  };
}

async function loadEntries(schedule: Schedule, month: Date): Promise<readonly CalendarEntry[]> {
  const { scheduleId, paused } = schedule;
  const { from, to } = calendarRange(month);
  const begin = new Date(Math.max(from.getTime(), serverNow()));
  const isFuture = !paused && begin < to;
  const [{ slots }, planned] = await Promise.all([
    floe.listScheduleSlots(scheduleId, { pageSize: SLOTS_MAX }),
    isFuture
      ? floe.previewSchedule(scheduleId, { fromTime: begin.toISOString(), count: SLOTS_MAX })
      : { slotTimes: [] },
  ]);
  const isShown = (time: string) =>
    Date.parse(time) >= from.getTime() && Date.parse(time) < to.getTime();
  const known = new Set(slots.map(({ slotTime = '' }) => Date.parse(slotTime)));
  return [
    ...slots
      .filter(({ slotTime = '' }) => isShown(slotTime))
      .map((slot) => ({ kind: 'slot', scheduleId, slot }) as const),
    ...planned.slotTimes
      .filter((time) => isShown(time) && !known.has(Date.parse(time)))
      .map((time) => ({ kind: 'planned', scheduleId, time }) as const),
  ];
}
