import type { DataType, TimeUnit } from '../data-type.ts';
import type { Json } from '../json.ts';
import { timezoneJson, unitJson } from '../lower/data-type-json.ts';
import { binary, cast, func } from '../lower/shapes.ts';
import {
  BOOLEAN,
  DATE,
  FLOAT64,
  INT16,
  INT32,
  INT64,
  INT8,
  STRING,
  TIME,
  UNKNOWN,
  datetime,
  duration,
} from '../types/kinds.ts';
import { choice, flag, keyword, text, value } from './parameters.ts';
import { apply, elementwise, type Row } from './rows.ts';
import type { Entry, TypeCall, TypeRule } from './signature.ts';
import {
  onDateOrDatetime,
  onDatetime,
  onDuration,
  onTemporal,
  onTimeOrDatetime,
  unchanged,
} from './type-rules.ts';

const temporal = (name: string, row: Row): Entry => elementwise(`dt.${name}`, row);
const part = (name: string, polars: string, [type, summary]: readonly [TypeRule, string]): Entry =>
  temporal(name, { summary, type, lower: apply({ TemporalExpr: polars }) });
const total = (name: string, polars: string, summary: string): Entry =>
  temporal(name, {
    summary,
    parameters: [keyword(flag('fractional', false))],
    type: (call) => {
      const fractional = call.constant('fractional');
      const isExact = fractional?.kind === 'boolean' && !fractional.value;
      return onDuration(isExact ? INT64 : fractional === undefined ? UNKNOWN : FLOAT64)(call);
    },
    lower: ({ receiver, flag: of }) =>
      func([receiver], { TemporalExpr: { [polars]: { fractional: of('fractional') } } }),
  });

const UNITS: readonly TimeUnit[] = ['ms', 'us', 'ns'];

function unitOf(name: string): TimeUnit {
  return UNITS.find((unit) => unit === name) ?? 'us';
}

/** The type of the receiver with another zone, as far as the zone is a literal. */
function zoned(call: TypeCall): DataType | null {
  const zone = call.constant('time_zone');
  const type = call.operands[0]?.type;
  if (type?.kind !== 'datetime' || zone === undefined) return null;
  return datetime(type.unit, zone.kind === 'string' ? zone.value : null);
}

const toText = ({ receiver, text: of }: { receiver: Json; text: (name: string) => string }): Json =>
  func([receiver], { TemporalExpr: { ToString: of('format') } });

export const TEMPORAL: readonly Entry[] = [
  part('year', 'Year', [onDateOrDatetime(INT32), 'Calendar year.']),
  part('iso_year', 'IsoYear', [onDateOrDatetime(INT32), 'Year of the ISO week.']),
  part('quarter', 'Quarter', [onDateOrDatetime(INT8), 'Quarter, 1 to 4.']),
  part('month', 'Month', [onDateOrDatetime(INT8), 'Month, 1 to 12.']),
  part('week', 'Week', [onDateOrDatetime(INT8), 'ISO week, 1 to 53.']),
  part('weekday', 'WeekDay', [onDateOrDatetime(INT8), 'Day of the week, Monday is 1.']),
  part('day', 'Day', [onDateOrDatetime(INT8), 'Day of the month.']),
  part('ordinal_day', 'OrdinalDay', [onDateOrDatetime(INT16), 'Day of the year.']),
  part('hour', 'Hour', [onTimeOrDatetime(INT8), 'Hour, 0 to 23.']),
  part('minute', 'Minute', [onTimeOrDatetime(INT8), 'Minute, 0 to 59.']),
  part('second', 'Second', [onTimeOrDatetime(INT8), 'Second, 0 to 59.']),
  part('millisecond', 'Millisecond', [onTimeOrDatetime(INT32), 'Milliseconds of the second.']),
  part('microsecond', 'Microsecond', [onTimeOrDatetime(INT32), 'Microseconds of the second.']),
  part('nanosecond', 'Nanosecond', [onTimeOrDatetime(INT32), 'Nanoseconds of the second.']),
  part('is_leap_year', 'IsLeapYear', [
    onDateOrDatetime(BOOLEAN),
    'Whether the year is a leap year.',
  ]),
  part('date', 'Date', [onDateOrDatetime(DATE), 'The date.']),
  part('time', 'Time', [onTimeOrDatetime(TIME), 'The time of day.']),
  temporal('truncate', {
    summary: 'The start of the window, like "1d" or "1mo", in which the time lies.',
    parameters: [value('every')],
    type: onDateOrDatetime(unchanged),
    lower: apply({ TemporalExpr: 'Truncate' }),
  }),
  temporal('offset_by', {
    summary: 'Moved by a calendar offset, like "1mo".',
    parameters: [value('by')],
    type: onDateOrDatetime(unchanged),
    lower: apply({ TemporalExpr: 'OffsetBy' }),
  }),
  temporal('to_string', {
    summary: 'As text in a format (strftime), or in ISO form.',
    parameters: [{ ...text('format'), fallback: { kind: 'string', value: 'iso' } }],
    type: onTemporal(STRING),
    lower: toText,
  }),
  temporal('strftime', {
    summary: 'As text in a format.',
    parameters: [text('format')],
    type: onTemporal(STRING),
    lower: toText,
  }),
  total('total_days', 'TotalDays', 'The duration in days.'),
  total('total_hours', 'TotalHours', 'The duration in hours.'),
  total('total_minutes', 'TotalMinutes', 'The duration in minutes.'),
  total('total_seconds', 'TotalSeconds', 'The duration in seconds.'),
  total('total_milliseconds', 'TotalMilliseconds', 'The duration in milliseconds.'),
  total('total_microseconds', 'TotalMicroseconds', 'The duration in microseconds.'),
  total('total_nanoseconds', 'TotalNanoseconds', 'The duration in nanoseconds.'),
  temporal('timestamp', {
    summary: 'Time since 1970-01-01 in a unit.',
    parameters: [choice('time_unit', UNITS, 'us')],
    type: onDateOrDatetime(INT64),
    lower: ({ receiver, text: of }) =>
      func([receiver], { TemporalExpr: { TimeStamp: unitJson(unitOf(of('time_unit'))) } }),
  }),
  temporal('cast_time_unit', {
    summary: 'With another unit; the time stays the same.',
    parameters: [choice('time_unit', UNITS)],
    type: (call) => {
      const [unit, type] = [call.constant('time_unit'), call.operands[0]?.type];
      if (unit?.kind !== 'string') return UNKNOWN;
      if (type?.kind === 'datetime') return datetime(unitOf(unit.value), type.timezone);
      return type?.kind === 'duration' ? duration(unitOf(unit.value)) : UNKNOWN;
    },
    lower: ({ receiver, text: of }) =>
      func([receiver], { TemporalExpr: { CastTimeUnit: unitJson(unitOf(of('time_unit'))) } }),
  }),
  temporal('convert_time_zone', {
    summary: 'The same moment in another zone.',
    parameters: [text('time_zone')],
    type: (call) => onDatetime(zoned(call) ?? UNKNOWN)(call),
    lower: ({ receiver, text: of }) =>
      func([receiver], { TemporalExpr: { ConvertTimeZone: timezoneJson(of('time_zone')) } }),
  }),
  temporal('epoch', {
    summary: 'Time since 1970-01-01 in a unit; also in seconds and days.',
    parameters: [choice('time_unit', [...UNITS, 's', 'd'], 'us')],
    type: (call) => {
      const unit = call.constant('time_unit');
      if (unit?.kind !== 'string') return UNKNOWN;
      return onDateOrDatetime(unit.value === 'd' ? INT32 : INT64)(call);
    },
    lower: ({ receiver, text: of }) => {
      const unit = of('time_unit');
      if (unit === 'd') return cast(cast(receiver, DATE), INT32);
      const stamp = func([receiver], {
        TemporalExpr: { TimeStamp: unitJson(unit === 's' ? 'ms' : unitOf(unit)) },
      });
      return unit === 's'
        ? binary(stamp, 'FloorDivide', { Literal: { Scalar: { Int64: 1000 } } })
        : stamp;
    },
  }),
];
