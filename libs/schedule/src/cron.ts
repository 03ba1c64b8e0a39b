/** A cron line, read: which seconds, minutes, hours and days it names. All lists ascend. */
export type Cron = {
  readonly text: string;
  readonly seconds: readonly number[];
  readonly minutes: readonly number[];
  readonly hours: readonly number[];
  /** 1 to 12. */
  readonly months: ReadonlySet<number>;
  readonly days: DaysOfMonth;
  readonly weekdays: Weekdays;
  /** It names a rhythm within the hour (a star in minutes or seconds) or every hour, not times of the day. */
  readonly isRhythm: boolean;
};

export type DaysOfMonth = {
  /** The field begins with a star: the weekdays alone decide. */
  readonly isOpen: boolean;
  readonly days: ReadonlySet<number>;
  /** Days before the last one of the month: 0 is the last. */
  readonly fromEnd: ReadonlySet<number>;
};

export type Weekdays = {
  readonly isOpen: boolean;
  /** 0 is Sunday. */
  readonly days: ReadonlySet<number>;
  /** The n-th of a weekday in its month, as `weekday * 10 + n`. */
  readonly nth: ReadonlySet<number>;
  /** The last of a weekday in its month. */
  readonly last: ReadonlySet<number>;
};

export const HOURS_PER_DAY = 24;

export function namesEveryHour(cron: Cron): boolean {
  return cron.hours.length === HOURS_PER_DAY;
}
