/** Days and times as they are written in rules: 2001-12-31, 2001-12-31T08:30:15.5, with a Z in UTC. */
const TIME =
  /^(?<day>\d{4}-\d{2}-\d{2})(?:[T ](?<clock>\d{2}:\d{2}(?::\d{2}(?:\.\d{1,6})?)?)(?<zone>Z?))?$/;

export type WrittenTime = {
  /** Year, month, day, and for a time hour, minute, second, microsecond. */
  readonly numbers: readonly number[];
  readonly isDay: boolean;
  readonly isUtc: boolean;
};

/** Undefined for what is not written so. */
export function readTime(text: string): WrittenTime | undefined {
  const groups = TIME.exec(text)?.groups;
  if (groups === undefined) return undefined;
  const { day = '', clock, zone } = groups;
  const date = day.split('-').map(Number);
  if (clock === undefined) return { numbers: date, isDay: true, isUtc: false };
  const [hour, minute, rest = '0'] = clock.split(':');
  const [second, fraction = ''] = rest.split('.');
  const time = [hour, minute, second, fraction.padEnd(6, '0')].map(Number);
  return { numbers: [...date, ...time], isDay: false, isUtc: zone === 'Z' };
}

/** Whether it is written like a day or time, and there is none such: 2001-02-30. */
export function isNoTime(text: string): boolean {
  if (readTime(text) === undefined) return false;
  const iso = text.replace(' ', 'T').replace(/Z?$/, text.length > 10 ? 'Z' : '');
  const time = new Date(iso);
  return Number.isNaN(time.getTime()) || !time.toISOString().startsWith(iso.slice(0, 10));
}
