import type { Cron } from './cron.ts';

export const DAY_MS = 86_400_000;

// 1970-01-01, day 0, was a Thursday.
const WEEKDAY_OF_DAY_0 = 4;

/** Days are counted from 1970-01-01; they have no zone. */
export function matchesDay(cron: Cron, day: number): boolean {
  const date = new Date(day * DAY_MS);
  if (!cron.months.has(date.getUTCMonth() + 1)) return false;
  const isDay = matchesDayOfMonth(cron, date);
  const isWeekday = matchesWeekday(cron, { date, day });
  const needsBoth = cron.days.isOpen || cron.weekdays.isOpen;
  return needsBoth ? isDay && isWeekday : isDay || isWeekday;
}

function matchesDayOfMonth({ days }: Cron, date: Date): boolean {
  const dayOfMonth = date.getUTCDate();
  if (days.days.has(dayOfMonth)) return true;
  return days.fromEnd.size > 0 && days.fromEnd.has(lengthOfMonth(date) - dayOfMonth);
}

function matchesWeekday({ weekdays }: Cron, at: { date: Date; day: number }): boolean {
  const weekday = (((at.day + WEEKDAY_OF_DAY_0) % 7) + 7) % 7;
  if (weekdays.days.has(weekday)) return true;
  const dayOfMonth = at.date.getUTCDate();
  if (weekdays.nth.has(weekday * 10 + Math.ceil(dayOfMonth / 7))) return true;
  return weekdays.last.has(weekday) && dayOfMonth + 7 > lengthOfMonth(at.date);
}

function lengthOfMonth(date: Date): number {
  return new Date(Date.UTC(date.getUTCFullYear(), date.getUTCMonth() + 1, 0)).getUTCDate();
}

/** The first day at or after `day` whose month the line names: whole months are passed over at once. */
export function skipToMonth(cron: Cron, day: number): number {
  const date = new Date(day * DAY_MS);
  if (cron.months.has(date.getUTCMonth() + 1)) return day;
  return Date.UTC(date.getUTCFullYear(), date.getUTCMonth() + 1, 1) / DAY_MS;
}

/** The last day at or before `day` whose month the line names, or a day nearer to it. */
export function skipBackToMonth(cron: Cron, day: number): number {
  const date = new Date(day * DAY_MS);
  if (cron.months.has(date.getUTCMonth() + 1)) return day;
  return Date.UTC(date.getUTCFullYear(), date.getUTCMonth(), 0) / DAY_MS;
}
