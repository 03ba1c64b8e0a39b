import { isRecord, type Json } from './json.ts';
import { textOf } from './shapes.ts';

/** A schedule of Prefect as one of Floe, or why there is none that means the same. */
export type ReadSchedule =
  | {
      readonly kind: 'schedule';
      readonly fields: Readonly<Record<string, unknown>>;
      /** What differs. */
      readonly note?: string;
    }
  | { readonly kind: 'refused'; readonly reason: string };

const refused = (reason: string): ReadSchedule => ({ kind: 'refused', reason });
const DAY_SECONDS = 86_400;
const WEEK_SECONDS = 7 * DAY_SECONDS;

const MACROS: Readonly<Record<string, string>> = {
  '@yearly': '0 0 1 1 *',
  '@annually': '0 0 1 1 *',
  '@monthly': '0 0 1 * *',
  '@weekly': '0 0 * * 0',
  '@daily': '0 0 * * *',
  '@midnight': '0 0 * * *',
  '@hourly': '0 * * * *',
};

/** Cron, interval and rrule, each with its time zone. */
export function readPrefectSchedule(value: Json | undefined): ReadSchedule {
  if (!isRecord(value)) return refused('it is no object');
  const timezone = textOf(value['timezone']) || 'UTC';
  if (typeof value['cron'] === 'string') return readCron(value['cron'], timezone, value['day_or']);
  if (value['interval'] !== undefined) return readInterval(value, timezone);
  if (typeof value['rrule'] === 'string') return readRule(value['rrule'], timezone);
  return refused(`it is neither cron, interval nor rrule but has ${Object.keys(value).join(', ')}`);
}

function readCron(text: string, timezone: string, dayOr: Json | undefined): ReadSchedule {
  const cron = MACROS[text.trim().toLowerCase()] ?? text.trim();
  const [, , day, , weekday] = cron.split(/\s+/);
  const isBoth = day !== '*' && weekday !== '*';
  if (dayOr === false && isBoth)
    return refused('its day and weekday must both hold (day_or: false)');
  return { kind: 'schedule', fields: { cron, timezone } };
}

function readInterval(value: { readonly [name: string]: Json }, timezone: string): ReadSchedule {
  const seconds = Number(textOf(value['interval']));
  if (!Number.isInteger(seconds) || seconds < 1)
    return refused(`its interval is ${textOf(value['interval'])}, no whole seconds`);
  const anchor = new Date(textOf(value['anchor_date']) || 0);
  const anchorMs = Number.isNaN(anchor.getTime()) ? 0 : anchor.getTime();
  if (seconds === DAY_SECONDS || seconds === WEEK_SECONDS) {
    const { minute, hour, weekday } = localTime(anchorMs, timezone);
    const days = seconds === WEEK_SECONDS ? String(weekday) : '*';
    return { kind: 'schedule', fields: { cron: `${minute} ${hour} * * ${days}`, timezone } };
  }
  const offset = (((anchorMs / 1000) % seconds) + seconds) % seconds;
  const fields = { every: `${seconds}s`, timezone };
  if (Math.floor(offset) === 0) return { kind: 'schedule', fields };
  const note = `every ${seconds} s counts from 1970 here, ${Math.floor(offset)} s from where it did`;
  return { kind: 'schedule', fields, note };
}

const WEEKDAYS = ['Sun', 'Mon', 'Tue', 'Wed', 'Thu', 'Fri', 'Sat'];

function localTime(ms: number, timezone: string) {
  const format = new Intl.DateTimeFormat('en-US', {
    timeZone: timezone,
    hour: '2-digit',
    minute: '2-digit',
    weekday: 'short',
    hourCycle: 'h23',
  });
  const parts = new Map(format.formatToParts(ms).map(({ type, value }) => [type, value]));
  return {
    hour: Number(parts.get('hour')),
    minute: Number(parts.get('minute')),
    weekday: WEEKDAYS.indexOf(parts.get('weekday') ?? 'Sun'),
  };
}

const RULE_WORDS = new Set([
  'FREQ',
  'INTERVAL',
  'BYDAY',
  'BYHOUR',
  'BYMINUTE',
  'BYMONTHDAY',
  'BYMONTH',
  'WKST',
  'BYSECOND',
]);
const RULE_DAYS = ['SU', 'MO', 'TU', 'WE', 'TH', 'FR', 'SA'];

/** Rules that a cron line says as well: one rule, each time of its kind, at given minutes and hours. */
function readRule(text: string, timezone: string): ReadSchedule {
  const lines = text.trim().split(/\s+/);
  const start = lines.find((line) => line.startsWith('DTSTART'));
  const rules = lines.filter((line) => !line.startsWith('DTSTART'));
  if (rules.length !== 1) return refused('it has several rules');
  const parts = new Map(
    (rules[0] ?? '')
      .replace(/^RRULE:/i, '')
      .split(';')
      .map((part) => part.split('=', 2) as [string, string]),
  );
  const strange = [...parts.keys()].find((word) => !RULE_WORDS.has(word));
  if (strange !== undefined) return refused(`${strange} of its rule has no like in cron`);
  if (Number(parts.get('INTERVAL') ?? 1) !== 1)
    return refused('its rule leaves times out (INTERVAL)');
  const days = (parts.get('BYDAY') ?? '').split(',').filter((day) => day !== '');
  if (days.some((day) => !RULE_DAYS.includes(day)))
    return refused('it counts weekdays within a month (BYDAY)');
  const at = /T(?<hour>\d{2})(?<minute>\d{2})/.exec(start ?? '')?.groups ?? {};
  const cron = cronOf(parts, days, at);
  return cron === undefined
    ? refused(
        `its times are not in the rule (${parts.get('FREQ') ?? ''} without BYHOUR, BYMINUTE or DTSTART)`,
      )
    : { kind: 'schedule', fields: { cron, timezone } };
}

function cronOf(
  parts: ReadonlyMap<string, string>,
  days: readonly string[],
  at: Readonly<Record<string, string>>,
): string | undefined {
  const number = (text: string | undefined) =>
    text === undefined ? undefined : String(Number(text));
  const minute = parts.get('BYMINUTE') ?? number(at['minute']);
  const hour = parts.get('BYHOUR') ?? number(at['hour']);
  const weekdays = days.length === 0 ? '*' : days.map((day) => RULE_DAYS.indexOf(day)).join(',');
  const monthday = parts.get('BYMONTHDAY') ?? '*';
  const month = parts.get('BYMONTH') ?? '*';
  switch (parts.get('FREQ')) {
    case 'MINUTELY':
      return `${parts.get('BYMINUTE') ?? '*'} ${parts.get('BYHOUR') ?? '*'} ${monthday} ${month} ${weekdays}`;
    case 'HOURLY':
      return `${minute ?? '0'} ${parts.get('BYHOUR') ?? '*'} ${monthday} ${month} ${weekdays}`;
    case 'DAILY':
    case 'WEEKLY':
    case 'MONTHLY': {
      const isOpen =
        (parts.get('FREQ') === 'WEEKLY' && days.length === 0) ||
        (parts.get('FREQ') === 'MONTHLY' && monthday === '*');
      if (hour === undefined || minute === undefined || isOpen) return undefined;
      return `${minute} ${hour} ${monthday} ${month} ${weekdays}`;
    }
    default:
      return undefined;
  }
}
