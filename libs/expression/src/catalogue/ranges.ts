import type { DataType, TimeUnit } from '../data-type.ts';
import type { Json } from '../json.ts';
import { dataTypeJson, timezoneJson, unitJson } from '../lower/data-type-json.ts';
import { alias, cast, func, integerLiteral } from '../lower/shapes.ts';
import {
  DATE,
  FLOAT64,
  INT64,
  TIME,
  UINT32,
  UNKNOWN,
  array,
  datetime,
  list,
} from '../types/kinds.ts';
import { intervalJson } from './interval.ts';
import {
  choice,
  column,
  flag,
  integer,
  interval,
  keyword,
  nullable,
  optional,
  text,
  value,
  withFallback,
} from './parameters.ts';
import { elementwise, rustName, type Row } from './rows.ts';
import type { Entry, LowerCall, Parameter, TypeCall } from './signature.ts';
import { always } from './type-rules.ts';

/** Functions that make values out of a start, an end and a step. */
const range = (name: string, row: Row): Entry =>
  elementwise(`pl.${name}`, { shape: 'resize', ...row });
/** One range for each row, as a list. */
const ranges = (name: string, row: Row): Entry => elementwise(`pl.${name}`, row);

const CLOSED = keyword(choice('closed', ['left', 'right', 'both', 'none'], 'both'));
const UNITS: readonly TimeUnit[] = ['ms', 'us', 'ns'];
const TYPE = keyword(optional({ name: 'dtype', accepts: 'type' }));

const typeOf = ({ typeOrNull }: LowerCall): DataType => typeOrNull('dtype') ?? INT64;
const stepOf = ({ text: of }: LowerCall): Json => intervalJson(of('interval'));

const days = (name: string, isOne: boolean): Entry =>
  (isOne ? range : ranges)(name, {
    summary: isOne
      ? 'Dates from a start to an end.'
      : 'Dates from a start to an end, a list in each row.',
    parameters: [column('start'), column('end'), interval('interval', '1d'), CLOSED],
    type: always(isOne ? DATE : list(DATE)),
    lower: (call) =>
      func(call.operands, {
        Range: {
          [isOne ? 'DateRange' : 'DateRanges']: {
            interval: stepOf(call),
            closed: rustName(call.text('closed')),
            arg_type: 'StartEndInterval',
          },
        },
      }),
  });

function momentType(call: TypeCall): DataType {
  const [unit, zone] = [call.constant('time_unit'), call.constant('time_zone')];
  const start = call.operands[0]?.type;
  const isPlain = unit?.kind === 'null' && zone?.kind === 'null';
  if (isPlain && start?.kind === 'datetime') return start;
  const known = UNITS.find((each) => unit?.kind === 'string' && unit.value === each) ?? 'us';
  return zone?.kind === 'string' || zone?.kind === 'null'
    ? datetime(known, zone.kind === 'string' ? zone.value : null)
    : UNKNOWN;
}

const moments = (name: string, isOne: boolean): Entry =>
  (isOne ? range : ranges)(name, {
    summary: isOne
      ? 'Points in time from a start to an end.'
      : 'Points in time from a start to an end, a list in each row.',
    parameters: [
      column('start'),
      column('end'),
      interval('interval', '1d'),
      CLOSED,
      keyword(nullable(choice('time_unit', UNITS))),
      keyword(nullable(text('time_zone'))),
    ],
    type: (call) => (isOne ? momentType(call) : list(momentType(call))),
    lower: (call) => {
      const unit = UNITS.find(
        (each) => !call.isNull('time_unit') && each === call.text('time_unit'),
      );
      return func(call.operands, {
        Range: {
          [isOne ? 'DatetimeRange' : 'DatetimeRanges']: {
            interval: stepOf(call),
            closed: rustName(call.text('closed')),
            time_unit: unit === undefined ? null : unitJson(unit),
            time_zone: timezoneJson(call.isNull('time_zone') ? null : call.text('time_zone')),
            arg_type: 'StartEndInterval',
          },
        },
      });
    },
  });

const MIDNIGHT: Parameter = withFallback(column('start'), { kind: 'time', nanoseconds: '0' });
const LAST_MOMENT: Parameter = withFallback(column('end'), {
  kind: 'time',
  nanoseconds: '86399999999999',
});

const times = (name: string, isOne: boolean): Entry =>
  (isOne ? range : ranges)(name, {
    summary: isOne
      ? 'Times of day from a start to an end.'
      : 'Times of day from a start to an end, a list in each row.',
    parameters: [MIDNIGHT, LAST_MOMENT, interval('interval', '1h'), CLOSED],
    type: always(isOne ? TIME : list(TIME)),
    lower: (call) =>
      func(call.operands, {
        Range: {
          [isOne ? 'TimeRange' : 'TimeRanges']: {
            interval: stepOf(call),
            closed: rustName(call.text('closed')),
          },
        },
      }),
  });

/** With one argument it is the end, and the start is 0. */
const bounds = ({ operands }: LowerCall): readonly Json[] =>
  operands.length === 1 ? [integerLiteral(0), ...operands] : operands;

const integers = (name: string): Entry =>
  range(name, {
    summary: 'Integers from `start` up to, not including, `end`.',
    parameters: [column('start'), optional(column('end')), integer('step', 1), TYPE],
    type: (call) => call.type('dtype') ?? INT64,
    outputName: 'literal',
    lower: (call) => {
      const dtype = { Literal: dataTypeJson(typeOf(call)) };
      return alias(
        func(bounds(call), { Range: { IntRange: { step: call.integer('step'), dtype } } }),
        'literal',
      );
    },
  });

const constant = (name: 'ones' | 'zeros', fill: string): Entry =>
  range(name, {
    summary: `The number ${fill}, \`n\` times.`,
    parameters: [value('n'), optional({ name: 'dtype', accepts: 'type' })],
    type: (call) => call.type('dtype') ?? FLOAT64,
    outputName: name,
    lower: ({ expression, typeOrNull }) => {
      const one = cast(integerLiteral(Number(fill)), typeOrNull('dtype') ?? FLOAT64, false);
      return alias(func([one, expression('n')], 'Repeat'), name);
    },
  });

export const RANGES: readonly Entry[] = [
  integers('int_range'),
  integers('arange'),
  ranges('int_ranges', {
    summary: 'Integers from `start` up to, not including, `end`, a list in each row.',
    parameters: [
      column('start'),
      optional(column('end')),
      withFallback(value('step'), { kind: 'integer', value: '1' }),
      TYPE,
    ],
    type: (call) => list(call.type('dtype') ?? INT64),
    lower: (call) => {
      const start = call.has('end') ? [] : [integerLiteral(0)];
      const dtype = { Literal: dataTypeJson(typeOf(call)) };
      return func([...start, ...call.operands], { Range: { IntRanges: { dtype } } });
    },
  }),
  days('date_range', true),
  days('date_ranges', false),
  moments('datetime_range', true),
  moments('datetime_ranges', false),
  times('time_range', true),
  times('time_ranges', false),
  range('linear_space', {
    summary: 'Numbers at equal distances from a start to an end.',
    parameters: [column('start'), column('end'), value('num_samples'), CLOSED],
    type: ({ operands: [start] }) => (start?.type.kind === 'float32' ? UNKNOWN : FLOAT64),
    lower: ({ operands, text: of }) =>
      func(operands, { Range: { LinearSpace: { closed: rustName(of('closed')) } } }),
  }),
  ranges('linear_spaces', {
    summary: 'Numbers at equal distances from a start to an end, a list in each row.',
    parameters: [
      column('start'),
      column('end'),
      value('num_samples'),
      CLOSED,
      keyword(flag('as_array', false)),
    ],
    type: ({ constant: of, operands }) => {
      const [asArray, count] = [of('as_array'), operands[2]?.integer ?? null];
      if (asArray?.kind !== 'boolean' || !asArray.value) return list(FLOAT64);
      return count === null ? UNKNOWN : array(FLOAT64, Number(count));
    },
    lower: ({ expressions, text: of, flag: is, operands }) => {
      const closed = rustName(of('closed'));
      const [count] = expressions('num_samples');
      const isArray = is('as_array');
      const inputs = isArray ? operands.slice(0, 2) : operands;
      return func(inputs, {
        Range: { LinearSpaces: { closed, array_width: isArray ? widthOf(count) : null } },
      });
    },
  }),
  range('repeat', {
    summary: 'One value, `n` times.',
    parameters: [value('value'), value('n'), TYPE],
    type: ({ operands: [first], type }) =>
      type('dtype') ?? (first?.dynamic ? UNKNOWN : (first?.type ?? UNKNOWN)),
    outputName: 'repeat',
    lower: ({ expression, typeOrNull }) => {
      const type = typeOrNull('dtype');
      const one = type === null ? expression('value') : cast(expression('value'), type, false);
      return alias(func([one, expression('n')], 'Repeat'), 'repeat');
    },
  }),
  constant('ones', '1'),
  constant('zeros', '0'),
  range('row_index', {
    summary: 'The number of each row, from 0.',
    lineage: 'masking',
    parameters: [text('name', 'index')],
    type: always(UINT32),
    lower: ({ text: of }) =>
      alias(
        func([integerLiteral(0), 'Len'], {
          Range: { IntRange: { step: 1, dtype: { Literal: 'UInt32' } } },
        }),
        of('name'),
      ),
  }),
];

function widthOf(count: Json | undefined): Json {
  const text = JSON.stringify(count, (_, each: unknown) =>
    typeof each === 'bigint' ? Number(each) : each,
  );
  return Number(/"Int":(\d+)/.exec(text ?? '')?.[1] ?? 0);
}
