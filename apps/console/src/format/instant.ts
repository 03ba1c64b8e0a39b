import { chosenZone } from './zone.ts';
import type { Zone } from './zone.ts';

const FORMATS = { local: formatsIn(undefined, ''), utc: formatsIn('UTC', 'Z') };

function formatsIn(timeZone: string | undefined, mark: string) {
  const format = (options: Intl.DateTimeFormatOptions) =>
    new Intl.DateTimeFormat(undefined, { ...options, timeZone });
  const day = { month: 'short', day: 'numeric' } as const;
  return {
    time: format({ hour: '2-digit', minute: '2-digit', second: '2-digit', hourCycle: 'h23' }),
    day: format(day),
    dayOfYear: format({ ...day, year: 'numeric' }),
    year: format({ year: 'numeric' }),
    /** Stands behind the time, as in ISO 8601; nothing for the zone that people live in. */
    mark,
  };
}

/** The time; with the day when it is not today, and the year when it is not this one. */
export function formatInstant(instant: string, nowMs: number, zone: Zone = chosenZone()): string {
  const { time, day, dayOfYear, year, mark } = FORMATS[zone];
  const date = new Date(instant);
  const now = new Date(nowMs);
  const text = `${time.format(date)}${mark}`;
  if (dayOfYear.format(date) === dayOfYear.format(now)) return text;
  const isThisYear = year.format(date) === year.format(now);
  return `${(isThisYear ? day : dayOfYear).format(date)}, ${text}`;
}

/** The time of the day with milliseconds, for log lines. */
export function formatLogTime(instant: string, zone: Zone = chosenZone()): string {
  const { time, mark } = FORMATS[zone];
  const date = new Date(instant);
  return `${time.format(date)}.${String(date.getMilliseconds()).padStart(3, '0')}${mark}`;
}
