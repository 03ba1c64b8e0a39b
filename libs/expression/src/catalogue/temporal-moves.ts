import type { TimeUnit } from '../data-type.ts';
import type { Json } from '../json.ts';
import { timezoneJson, unitJson } from '../lower/data-type-json.ts';
import { alias, binary, cast, func, integerLiteral, stringLiteral } from '../lower/shapes.ts';
import { INT32, INT8, TIME, UNKNOWN, datetime, duration } from '../types/kinds.ts';
import { choice, column, keyword, text, value } from './parameters.ts';
import { apply, elementwise, rustName, type Row } from './rows.ts';
import type { Entry, Parameter } from './signature.ts';
import { always, onDateOrDatetime, onDatetime, unchanged } from './type-rules.ts';

/** Moving points in time, and taking them apart and together. */
const temporal = (name: string, row: Row): Entry => elementwise(`dt.${name}`, row);

const UNITS: readonly TimeUnit[] = ['ms', 'us', 'ns'];
const PARTS = ['year', 'month', 'day', 'hour', 'minute', 'second', 'microsecond'];
const AMBIGUOUS = keyword(choice('ambiguous', ['raise', 'earliest', 'latest', 'null'], 'raise'));

const moved = (receiver: Json, by: string): Json =>
  func([receiver, stringLiteral(by)], { TemporalExpr: 'OffsetBy' });
/** The first of the month at the same time of day: that is moved back by the days that have passed. */
const sameTime = (receiver: Json): Json => {
  const day = cast(func([receiver], { TemporalExpr: 'Day' }), INT32);
  const back = binary(integerLiteral(1), 'Minus', day);
  const text = func([cast(back, { kind: 'string' })], {
    StringExpr: { Format: { format: 'd', insertions: [0] } },
  });
  return func([receiver, text], { TemporalExpr: 'OffsetBy' });
};

const component = (name: string): Parameter =>
  keyword({ ...column(name), fallback: { kind: 'null' } });

export const MOVES: readonly Entry[] = [
  temporal('century', {
    summary: 'Century.',
    type: onDateOrDatetime(INT32),
    lower: apply({ TemporalExpr: 'Century' }),
  }),
  temporal('millennium', {
    summary: 'Millennium.',
    type: onDateOrDatetime(INT32),
    lower: apply({ TemporalExpr: 'Millennium' }),
  }),
  temporal('days_in_month', {
    summary: 'Number of days of the month.',
    type: onDateOrDatetime(INT8),
    lower: apply({ TemporalExpr: 'DaysInMonth' }),
  }),
  temporal('month_start', {
    summary: 'The first day of the month, at the same time of day.',
    type: onDateOrDatetime(unchanged),
    rewrittenAs: 'an offset by the days that have passed',
    lower: ({ receiver }) => sameTime(receiver),
  }),
  temporal('month_end', {
    summary: 'The last day of the month, at the same time of day.',
    type: onDateOrDatetime(unchanged),
    rewrittenAs: 'an offset to the first day, one month on and one day back',
    lower: ({ receiver }) => moved(moved(sameTime(receiver), '1mo'), '-1d'),
  }),
  temporal('round', {
    summary: 'The nearest start of a window, like "1d" or "1mo".',
    parameters: [value('every')],
    type: onDateOrDatetime(unchanged),
    lower: apply({ TemporalExpr: 'Round' }),
  }),
  temporal('replace', {
    summary: 'With other parts.',
    parameters: [...PARTS.map(component), AMBIGUOUS],
    type: onDateOrDatetime(unchanged),
    lower: ({ receiver, expression, text: of }) =>
      func([receiver, ...PARTS.map(expression), stringLiteral(of('ambiguous'))], {
        TemporalExpr: 'Replace',
      }),
  }),
  temporal('combine', {
    summary: 'The date with a time of day.',
    parameters: [column('time'), choice('time_unit', UNITS, 'us')],
    type: (call) => {
      const unit = call.constant('time_unit');
      const known = UNITS.find((each) => unit?.kind === 'string' && each === unit.value);
      return onDateOrDatetime(known === undefined ? UNKNOWN : datetime(known, null))(call);
    },
    lower: ({ operands, text: of }) =>
      func(operands, {
        TemporalExpr: { Combine: unitJson(UNITS.find((each) => each === of('time_unit')) ?? 'us') },
      }),
  }),
  temporal('datetime', {
    summary: 'The clock time, without its zone.',
    type: onDatetime((type) => (type.kind === 'datetime' ? datetime(type.unit, null) : UNKNOWN)),
    lower: apply({ TemporalExpr: 'Datetime' }),
  }),
  temporal('base_utc_offset', {
    summary: 'Offset of the zone from UTC, without daylight saving.',
    type: onDatetime(duration('ms')),
    lower: apply({ TemporalExpr: 'BaseUtcOffset' }),
  }),
  temporal('dst_offset', {
    summary: 'What daylight saving adds to the offset of the zone.',
    type: onDatetime(duration('ms')),
    lower: apply({ TemporalExpr: 'DSTOffset' }),
  }),
  temporal('with_time_unit', {
    summary: 'The same number with another unit: another time.',
    parameters: [choice('time_unit', UNITS)],
    type: ({ operands: [first], constant }) => {
      const unit = constant('time_unit');
      const known = UNITS.find((each) => unit?.kind === 'string' && each === unit.value);
      if (known === undefined) return UNKNOWN;
      if (first?.type.kind === 'datetime') return datetime(known, first.type.timezone);
      return first?.type.kind === 'duration' ? duration(known) : UNKNOWN;
    },
    lower: ({ receiver, text: of }) =>
      func([receiver], {
        TemporalExpr: {
          WithTimeUnit: unitJson(UNITS.find((each) => each === of('time_unit')) ?? 'us'),
        },
      }),
  }),
  temporal('replace_time_zone', {
    summary: 'The same clock time in another zone.',
    parameters: [
      { ...text('time_zone'), isNullable: true },
      AMBIGUOUS,
      keyword(choice('non_existent', ['raise', 'null'], 'raise')),
    ],
    type: (call) => {
      const [zone, type] = [call.constant('time_zone'), call.operands[0]?.type];
      if (zone === undefined || type?.kind !== 'datetime') return onDatetime(UNKNOWN)(call);
      return datetime(type.unit, zone.kind === 'string' ? zone.value : null);
    },
    lower: ({ receiver, isNull, text: of }) => {
      const zone = timezoneJson(isNull('time_zone') ? null : of('time_zone'));
      return func([receiver, stringLiteral(of('ambiguous'))], {
        TemporalExpr: { ReplaceTimeZone: [zone, rustName(of('non_existent'))] },
      });
    },
  }),
  elementwise('pl.time', {
    summary: 'A time of day from its parts.',
    parameters: ['hour', 'minute', 'second', 'microsecond'].map((name) => ({
      ...column(name),
      fallback: { kind: 'integer', value: '0' } as const,
    })),
    type: always(TIME),
    outputName: 'time',
    lower: ({ operands }) => {
      const epoch = [integerLiteral(1970), integerLiteral(1), integerLiteral(1)];
      const moment = func([...epoch, ...operands, stringLiteral('raise')], {
        TemporalExpr: { DatetimeFunction: { time_unit: unitJson('us'), time_zone: null } },
      });
      return alias(cast(moment, TIME), 'time');
    },
  }),
  elementwise('pl.from_epoch', {
    summary: 'Points in time from numbers since 1970-01-01.',
    parameters: [column('column'), choice('time_unit', ['s', 'ms', 'us', 'ns', 'd'], 's')],
    type: ({ constant }) => {
      const unit = constant('time_unit');
      if (unit?.kind !== 'string') return UNKNOWN;
      if (unit.value === 'd') return { kind: 'date' };
      return datetime(unit.value === 'ns' ? 'ns' : 'us', null);
    },
    lower: ({ expression, text: of }) => {
      const [numbers, unit] = [expression('column'), of('time_unit')];
      if (unit === 'd') return cast(numbers, { kind: 'date' });
      // Polars brings all but nanoseconds to microseconds.
      const factor = unit === 's' ? 1_000_000 : 1_000;
      const isCoarse = unit === 's' || unit === 'ms';
      const scaled = isCoarse
        ? binary(numbers, 'Multiply', { Literal: { Scalar: { Int64: factor } } })
        : numbers;
      return cast(scaled, datetime(unit === 'ns' ? 'ns' : 'us', null));
    },
  }),
];
