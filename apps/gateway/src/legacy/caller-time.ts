/**
 * Instants as callers see them: on the clock of the user, without a zone.
 *
 * The offset comes as `+05:30`, `UTC+05:30`, `-0800`, as hours (`5.5`) or, when it is larger than any number of hours, as
 * minutes (`330`).
 */
import { refuse } from './refusal.ts';

const MINUTE_MS = 60_000;
const HOUR_MINUTES = 60;
const DAY_MS = 86_400_000;
// The clocks of the world lie between -12:00 and +14:00.
const HOURS_MAX = 14;
const CLOCK_TEXT = /^(?:UTC|GMT)?([+-])(\d{1,2})(?::?(\d{2}))?$/i;

/** Minutes that the user's clock is before that of UTC. */
export function offsetMinutes(offset: unknown): number {
  if (offset === undefined || offset === null || offset === '') return 0;
  const minutes = typeof offset === 'string' ? minutesOfText(offset.trim()) : minutesOf(offset);
  if (minutes !== undefined && Math.abs(minutes) <= HOURS_MAX * HOUR_MINUTES) return minutes;
  throw refuse('user_utc_offset must be an offset like +05:30');
}

function minutesOfText(text: string): number | undefined {
  if (/^(?:UTC|GMT|Z)$/i.test(text)) return 0;
  const [, sign, hours, minutes = '0'] = CLOCK_TEXT.exec(text) ?? [];
  const isClock = hours !== undefined && hours.length <= 2 && Number(hours) <= HOURS_MAX;
  if (isClock && Number(minutes) < HOUR_MINUTES) {
    return (sign === '-' ? -1 : 1) * (Number(hours) * HOUR_MINUTES + Number(minutes));
  }
  return /^[+-]?\d{1,4}(\.\d{1,2})?$/.test(text) ? minutesOf(Number(text)) : undefined;
}

function minutesOf(value: unknown): number | undefined {
  if (typeof value !== 'number' || !Number.isFinite(value)) return undefined;
  return Math.round(Math.abs(value) <= HOURS_MAX ? value * HOUR_MINUTES : value);
}

/** The instant on the user's clock, like `2026-01-31T11:30:00.000`; null for none. */
export function onUsersClock(instant: Date | undefined, offset: number): string | null {
  if (instant === undefined) return null;
  return new Date(instant.getTime() + offset * MINUTE_MS).toISOString().slice(0, -1);
}

const DATE = /^\d{4}-\d{2}-\d{2}$/;
const DATE_TIME =
  /^(\d{4}-\d{2}-\d{2})[T ](\d{2}:\d{2}(?::\d{2}(?:\.\d{1,6})?)?)(Z|[+-]\d{2}:?\d{2})?$/i;

type Bound = { readonly name: string; readonly offset: number };

/** From a date or a time on; without a zone it is on the user's clock. Undefined for none. */
export function fromInstant(value: unknown, bound: Bound): Date | undefined {
  const read = readInstant(value, bound);
  return read && new Date(read.at);
}

/** The first instant behind a date or a time that is included: a date is its whole day. */
export function behindInstant(value: unknown, bound: Bound): Date | undefined {
  const read = readInstant(value, bound);
  return read && new Date(read.at + (read.isDay ? DAY_MS : 1));
}

function readInstant(value: unknown, { name, offset }: Bound) {
  if (value === undefined || value === null || value === '') return undefined;
  const read = typeof value === 'string' ? readText(value.trim(), offset) : undefined;
  if (read !== undefined && Number.isFinite(read.at)) return read;
  throw refuse(`${name} must be a date like 2026-01-31 or a time like 2026-01-31 06:00:00`);
}

function readText(text: string, offset: number) {
  if (DATE.test(text)) {
    return { at: Date.parse(`${text}T00:00:00Z`) - offset * MINUTE_MS, isDay: true };
  }
  const [, date, time, zone] = DATE_TIME.exec(text) ?? [];
  if (date === undefined) return undefined;
  const at = Date.parse(`${date}T${time}${(zone ?? 'Z').toUpperCase()}`);
  return { at: zone === undefined ? at - offset * MINUTE_MS : at, isDay: false };
}
