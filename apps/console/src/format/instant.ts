const TIME = new Intl.DateTimeFormat(undefined, {
  hour: '2-digit',
  minute: '2-digit',
  second: '2-digit',
  hourCycle: 'h23',
});
const DAY = new Intl.DateTimeFormat(undefined, { month: 'short', day: 'numeric' });
const YEAR = new Intl.DateTimeFormat(undefined, {
  year: 'numeric',
  month: 'short',
  day: 'numeric',
});

/** Local time; with the day when it is not today, and the year when it is not this one. */
export function formatInstant(instant: string, nowMs: number): string {
  const date = new Date(instant);
  const now = new Date(nowMs);
  const time = TIME.format(date);
  if (date.toDateString() === now.toDateString()) return time;
  const day = date.getFullYear() === now.getFullYear() ? DAY.format(date) : YEAR.format(date);
  return `${day}, ${time}`;
}

/** Local time of the day with milliseconds, for log lines. */
export function formatLogTime(instant: string): string {
  const date = new Date(instant);
  return `${TIME.format(date)}.${String(date.getMilliseconds()).padStart(3, '0')}`;
}
