import type { Json } from '../json.ts';
import { alias, cast, func, integerLiteral, stringLiteral, ternary } from '../lower/shapes.ts';
import { timezoneJson, unitJson } from '../lower/data-type-json.ts';
import {
  BOOLEAN,
  DATE,
  FLOAT32,
  FLOAT64,
  STRING,
  UINT32,
  UNKNOWN,
  datetime,
  duration,
  isNumeric,
  list,
} from '../types/kinds.ts';
import { choice, column, columns, flag, keyword, nullable, text } from './parameters.ts';
import { settled } from '../types/supertype.ts';
import { apply, elementwise, type Row } from './rows.ts';
import type { Entry, Parameter, TypeRule } from './signature.ts';
import { always, common } from './type-rules.ts';

const pl = (name: string, row: Row): Entry => elementwise(`pl.${name}`, row);

/** Text names a column; the rest of a date is given by numbers or expressions. */
const component = (name: string, fallback?: number): Parameter => ({
  ...column(name),
  ...(fallback === undefined ? {} : { fallback: { kind: 'integer', value: String(fallback) } }),
});

const CLOCK = [
  component('hour', 0),
  component('minute', 0),
  component('second', 0),
  component('microsecond', 0),
];
const UNIT = keyword(choice('time_unit', ['us'], 'us'));

const datetimeFunction = (parts: readonly Json[], timezone: string | null): Json =>
  func([...parts, stringLiteral('raise')], {
    TemporalExpr: {
      DatetimeFunction: { time_unit: unitJson('us'), time_zone: timezoneJson(timezone) },
    },
  });

/** In the order in which Polars' duration function takes them. */
const DURATION_PARTS = [
  'weeks',
  'days',
  'hours',
  'minutes',
  'seconds',
  'milliseconds',
  'microseconds',
  'nanoseconds',
];

const isLiteral = (json: Json): boolean =>
  json !== null && typeof json === 'object' && 'Literal' in json;

/** Condition first: only the branches make the type. */
const branches: TypeRule = (call) => {
  const predicate = call.operands[0]?.type;
  if (predicate && !['boolean', 'unknown', 'null'].includes(predicate.kind)) {
    return {
      problem: '`pl.when` needs a Boolean condition',
      hint: 'compare with something, like pl.col("a") > 0',
    };
  }
  return common(1)({ ...call, method: 'pl.when' });
};

const sumOf: TypeRule = (call) => {
  const sum = common()(call);
  return 'kind' in sum && sum.kind === 'boolean' ? UINT32 : sum;
};

const CONSTRUCTORS: readonly Entry[] = [
  pl('date', {
    summary: 'A date from year, month and day.',
    parameters: [component('year'), component('month'), component('day')],
    type: always(DATE),
    outputName: 'date',
    lower: ({ operands }) => {
      const midnight = [...operands, ...[0, 0, 0, 0].map(integerLiteral)];
      return alias(cast(alias(datetimeFunction(midnight, null), 'datetime'), DATE), 'date');
    },
  }),
  pl('datetime', {
    summary: 'A point in time from its parts.',
    parameters: [
      component('year'),
      component('month'),
      component('day'),
      ...CLOCK,
      UNIT,
      keyword(nullable(text('time_zone'))),
    ],
    type: ({ constant }) => {
      const zone = constant('time_zone');
      return zone === undefined
        ? UNKNOWN
        : datetime('us', zone.kind === 'string' ? zone.value : null);
    },
    outputName: 'datetime',
    lower: ({ operands, isNull, text: of }) =>
      alias(datetimeFunction(operands, isNull('time_zone') ? null : of('time_zone')), 'datetime'),
  }),
  pl('duration', {
    summary: 'A length of time from its parts.',
    parameters: [...DURATION_PARTS.map((name) => keyword(component(name, 0))), UNIT],
    type: always(duration('us')),
    nameOf: (operands) =>
      operands.every(({ isLiteral }) => isLiteral) ? 'duration' : (operands[0]?.name ?? 'literal'),
    lower: ({ expression }) => {
      const parts = DURATION_PARTS.map(expression);
      const duration = func(parts, { TemporalExpr: { Duration: unitJson('us') } });
      return parts.every(isLiteral) ? alias(duration, 'duration') : duration;
    },
  }),
  pl('len', {
    summary: 'Number of rows.',
    type: always(UINT32),
    shape: 'aggregate',
    lineage: 'masking',
    outputName: 'len',
    lower: () => 'Len',
  }),
];

const HORIZONTAL: readonly Entry[] = [
  pl('coalesce', {
    summary: 'The first value that is not null.',
    parameters: [columns('exprs')],
    isDeciding: true,
    type: common(),
    lower: apply('Coalesce'),
  }),
  pl('concat_str', {
    summary: 'Values side by side as one text; null if one is null, unless ignored.',
    parameters: [
      columns('exprs'),
      keyword(text('separator', '')),
      keyword(flag('ignore_nulls', false)),
    ],
    type: always(STRING),
    lower: ({ expressions, text: of, flag: is }) =>
      func(expressions('exprs'), {
        StringExpr: {
          ConcatHorizontal: { delimiter: of('separator'), ignore_nulls: is('ignore_nulls') },
        },
      }),
  }),
  pl('concat_list', {
    summary: 'Values side by side as one list.',
    parameters: [columns('exprs')],
    type: (call) => {
      if (call.operands.some(({ type }) => type.kind === 'list')) return UNKNOWN;
      const met = common()(call);
      return 'kind' in met ? list(met) : met;
    },
    lower: apply({ ListExpr: 'Concat' }),
  }),
  pl('struct', {
    summary: 'Values side by side as one struct.',
    parameters: [{ ...columns('exprs'), isNamed: true }],
    type: ({ operands, names }) => ({
      kind: 'struct',
      fields: operands.map((operand, index) => ({
        name: names[index] ?? '',
        type: settled(operand),
      })),
    }),
    lower: apply('AsStruct'),
  }),
  pl('sum_horizontal', {
    summary: 'Sum of the values side by side.',
    parameters: [columns('exprs'), keyword(flag('ignore_nulls', true))],
    type: sumOf,
    lower: ({ expressions, flag: of }) =>
      func(expressions('exprs'), { SumHorizontal: { ignore_nulls: of('ignore_nulls') } }),
  }),
  pl('mean_horizontal', {
    summary: 'Mean of the values side by side.',
    parameters: [columns('exprs'), keyword(flag('ignore_nulls', true))],
    type: ({ operands }) => {
      const isPlain = operands.every(({ type }) => isNumeric(type) || type.kind === 'boolean');
      if (!isPlain) return UNKNOWN;
      return operands.every(({ type }) => type.kind === 'float32') ? FLOAT32 : FLOAT64;
    },
    lower: ({ expressions, flag: of }) =>
      func(expressions('exprs'), { MeanHorizontal: { ignore_nulls: of('ignore_nulls') } }),
  }),
  pl('min_horizontal', {
    summary: 'Smallest of the values side by side.',
    parameters: [columns('exprs')],
    type: common(),
    lower: apply('MinHorizontal'),
  }),
  pl('max_horizontal', {
    summary: 'Largest of the values side by side.',
    parameters: [columns('exprs')],
    type: common(),
    lower: apply('MaxHorizontal'),
  }),
  pl('all_horizontal', {
    summary: 'Whether all the values side by side are true.',
    parameters: [columns('exprs')],
    type: always(BOOLEAN),
    lower: apply({ Boolean: 'AllHorizontal' }),
  }),
  pl('any_horizontal', {
    summary: 'Whether one of the values side by side is true.',
    parameters: [columns('exprs')],
    type: always(BOOLEAN),
    lower: apply({ Boolean: 'AnyHorizontal' }),
  }),
];

const CONDITIONS: readonly Entry[] = [
  pl('when', {
    summary: 'pl.when(condition).then(value).otherwise(other).',
    parameters: [column('condition', 'condition'), column('value'), column('otherwise')],
    type: branches,
    namedAfter: 'value',
    lower: ({ expression }) =>
      ternary(expression('condition'), expression('value'), expression('otherwise')),
  }),
  pl('lit', {
    summary: 'A literal with a type of its own.',
    parameters: [
      { name: 'value', accepts: 'value' },
      { name: 'dtype', accepts: 'type' },
    ],
    type: ({ type }) => type('dtype') ?? UNKNOWN,
    lower: ({ expression, type }) => cast(expression('value'), type('dtype')),
  }),
];

export const FUNCTIONS: readonly Entry[] = [...CONSTRUCTORS, ...HORIZONTAL, ...CONDITIONS];
