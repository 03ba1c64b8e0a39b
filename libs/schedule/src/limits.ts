/** Bounds of calendars. */

// A second is the finest field of a cron line, and nobody reads runs that come faster.
export const EVERY_MS_MIN = 1_000;

// The longest pause between two leap days (1896 to 1904, 2096 to 2104) is eight years; a rare weekday in it is not.
export const HORIZON_MS = 29 * 366 * 86_400_000;

// The calendar of time zones is only known for the recent past, and nobody plans further ahead.
export const EARLIEST_MS = Date.UTC(1970, 0, 1);
export const LATEST_MS = Date.UTC(2200, 0, 1);

export const CRON_LENGTH_MAX = 200;
