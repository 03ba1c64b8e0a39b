/** A month as a calendar: its weeks, and what falls on which local day. */
import type { Backfill, ScheduleSlot } from '@floe/client';

export type CalendarEntry =
  | { readonly kind: 'slot'; readonly scheduleId: string; readonly slot: ScheduleSlot }
  | { readonly kind: 'planned'; readonly scheduleId: string; readonly time: string };

export type CalendarDay = {
  readonly date: Date;
  readonly isInMonth: boolean;
  readonly entries: readonly CalendarEntry[];
  readonly backfills: readonly Backfill[];
};

const DAYS_OF_WEEK = 7;

/** `2026-03` as the first of that month; the month of `now` for anything else. */
export function parseMonth(text: string, now: Date): Date {
  const [, year, month] = /^(\d{4})-(0[1-9]|1[0-2])$/.exec(text) ?? [];
  if (year === undefined) return new Date(now.getFullYear(), now.getMonth(), 1);
  return new Date(Number(year), Number(month) - 1, 1);
}

export function formatMonth(date: Date): string {
  return `${date.getFullYear()}-${String(date.getMonth() + 1).padStart(2, '0')}`;
}

/** The month that is so many later. */
export function addMonths(month: Date, count: number): Date {
  return new Date(month.getFullYear(), month.getMonth() + count, 1);
}

/** From the Monday before the first to the Sunday after the last. */
export function calendarRange(month: Date): { readonly from: Date; readonly to: Date } {
  const back = (month.getDay() + DAYS_OF_WEEK - 1) % DAYS_OF_WEEK;
  const from = new Date(month.getFullYear(), month.getMonth(), 1 - back);
  const last = new Date(month.getFullYear(), month.getMonth() + 1, 0);
  const ahead = (DAYS_OF_WEEK - last.getDay()) % DAYS_OF_WEEK;
  return { from, to: new Date(last.getFullYear(), last.getMonth(), last.getDate() + ahead + 1) };
}

export type MonthFacts = {
  readonly entries: readonly CalendarEntry[];
  readonly backfills: readonly Backfill[];
};

/** The days of all weeks of the month. */
export function calendarDays(
  month: Date,
  { entries, backfills }: MonthFacts,
): readonly CalendarDay[] {
  const { from, to } = calendarRange(month);
  const byDay = Map.groupBy(entries, (entry) => dayKey(new Date(timeOf(entry))));
  const days: CalendarDay[] = [];
  for (let at = from; at < to; at = nextDay(at)) {
    const [start, end] = [at.getTime(), nextDay(at).getTime()];
    days.push({
      date: at,
      isInMonth: at.getMonth() === month.getMonth(),
      entries: byDay.get(dayKey(at)) ?? [],
      backfills: backfills.filter(
        ({ fromTime = '', toTime = '' }) =>
          Date.parse(fromTime) < end && Date.parse(toTime) > start,
      ),
    });
  }
  return days;
}

export function timeOf(entry: CalendarEntry): string {
  return entry.kind === 'planned' ? entry.time : (entry.slot.slotTime ?? '');
}

/** A local time as a field for one takes it: `2026-03-27T00:00`. */
export function toLocalInput(date: Date): string {
  const two = (value: number) => String(value).padStart(2, '0');
  const day = `${formatMonth(date)}-${two(date.getDate())}`;
  return `${day}T${two(date.getHours())}:${two(date.getMinutes())}`;
}

function nextDay(date: Date): Date {
  return new Date(date.getFullYear(), date.getMonth(), date.getDate() + 1);
}

function dayKey(date: Date): string {
  return `${date.getFullYear()} ${date.getMonth()} ${date.getDate()}`;
}
