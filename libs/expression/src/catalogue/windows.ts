import type { Json } from '../json.ts';
import { func, integerLiteral, NULL_LITERAL, slice, sortOptions } from '../lower/shapes.ts';
import { FLOAT64, INT64, UINT32, UNKNOWN, bitsOf, isInteger } from '../types/kinds.ts';
import {
  choice,
  columns,
  column,
  flag,
  integer,
  keyword,
  many,
  nullable,
  optional,
  value,
} from './parameters.ts';
import { apply, elementwise, rustName, type Row } from './rows.ts';
import type { Entry } from './signature.ts';
import {
  always,
  common,
  from,
  onMeasure,
  onNumber,
  onNumberOrDuration,
  same,
  toDifference,
  toFloat,
  toSum,
} from './type-rules.ts';

/** Expressions whose values depend on other rows. */
const window = (name: string, row: Row): Entry => elementwise(name, { shape: 'window', ...row });
const resize = (name: string, row: Row): Entry => elementwise(name, { shape: 'resize', ...row });

const RANKS = ['average', 'min', 'max', 'dense', 'ordinal', 'random'];
const MAPPINGS = { group_to_rows: 'GroupsToRows', join: 'Join', explode: 'Explode' } as const;

const ORDER = [keyword(flag('descending', false)), keyword(flag('nulls_last', false))];

const cumulative = (name: string, polars: string, row: Pick<Row, 'summary' | 'type'>): Entry =>
  window(name, {
    ...row,
    parameters: [keyword(flag('reverse', false))],
    lower: ({ receiver, flag: of }) => func([receiver], { [polars]: { reverse: of('reverse') } }),
  });

export const WINDOWS: readonly Entry[] = [
  window('over', {
    summary: 'Computes the expression within groups of rows.',
    parameters: [
      optional(columns('partition_by', 'window')),
      optional(keyword(many(column('order_by', 'window')))),
      keyword(flag('descending', false)),
      keyword(flag('nulls_last', false)),
      keyword(choice('mapping_strategy', Object.keys(MAPPINGS), 'group_to_rows')),
    ],
    type: (call) => {
      const strategy = call.constant('mapping_strategy');
      const isJoined = strategy?.kind !== 'string' || strategy.value === 'join';
      return isJoined ? UNKNOWN : same(call);
    },
    lower: ({ receiver, expressions, has, flag: of, text }) => ({
      Over: {
        function: receiver,
        partition_by: has('partition_by') ? expressions('partition_by') : [integerLiteral(1)],
        order_by: has('order_by')
          ? [orderKey(expressions('order_by')), sortOptions(of('descending'), of('nulls_last'))]
          : null,
        mapping: MAPPINGS[text('mapping_strategy') as keyof typeof MAPPINGS] ?? 'GroupsToRows',
      },
    }),
  }),
  window('shift', {
    summary: 'Moves values down by a number of rows.',
    parameters: [value('n'), optional(keyword(value('fill_value')))].map((parameter) =>
      parameter.name === 'n'
        ? { ...parameter, fallback: { kind: 'integer', value: '1' } as const }
        : parameter,
    ),
    type: ({ operands: [first], operand, ...call }) => {
      const fill = operand('fill_value');
      return first && fill
        ? common()({ ...call, operand, operands: [first, fill] })
        : (first?.type ?? UNKNOWN);
    },
    lower: ({ operands, has }) => func(operands, has('fill_value') ? 'ShiftAndFill' : 'Shift'),
  }),
  window('diff', {
    summary: 'Difference to the value `n` rows before.',
    parameters: [
      { ...value('n'), fallback: { kind: 'integer', value: '1' } },
      choice('null_behavior', ['ignore'], 'ignore'),
    ],
    type: onMeasure(toDifference),
    lower: apply({ Diff: 'Ignore' }),
  }),
  window('pct_change', {
    summary: 'Relative change to the value `n` rows before.',
    parameters: [{ ...value('n'), fallback: { kind: 'integer', value: '1' } }],
    type: onNumber(toFloat),
    lower: apply('PctChange'),
  }),
  cumulative('cum_sum', 'CumSum', {
    summary: 'Sum of the values so far.',
    type: onNumberOrDuration(toSum),
  }),
  cumulative('cum_min', 'CumMin', { summary: 'Smallest value so far.', type: same }),
  cumulative('cum_max', 'CumMax', { summary: 'Largest value so far.', type: same }),
  cumulative('cum_prod', 'CumProd', {
    summary: 'Product of the values so far.',
    type: onNumber((type) =>
      (isInteger(type) && bitsOf(type) < 64) || type.kind === 'boolean' ? INT64 : type,
    ),
  }),
  cumulative('cum_count', 'CumCount', {
    summary: 'Number of values so far that are not null.',
    type: always(UINT32),
  }),
  window('rank', {
    summary: 'Rank of the value.',
    parameters: [
      choice('method', RANKS, 'average'),
      keyword(flag('descending', false)),
      keyword(nullable(integer('seed'))),
    ],
    type: ({ constant }) => {
      const method = constant('method');
      if (method?.kind !== 'string') return UNKNOWN;
      return method.value === 'average' ? FLOAT64 : UINT32;
    },
    lower: ({ receiver, text, flag: of, isNull, integer: whole }) => {
      const options: Json = { method: rustName(text('method')), descending: of('descending') };
      return func([receiver], { Rank: { options, seed: isNull('seed') ? null : whole('seed') } });
    },
  }),
  window('forward_fill', {
    summary: 'Replaces nulls with the last value before.',
    parameters: [nullable(integer('limit'))],
    type: same,
    lower: ({ receiver, isNull, integer: of }) =>
      func([receiver], { FillNullWithStrategy: { Forward: isNull('limit') ? null : of('limit') } }),
  }),
  window('backward_fill', {
    summary: 'Replaces nulls with the next value after.',
    parameters: [nullable(integer('limit'))],
    type: same,
    lower: ({ receiver, isNull, integer: of }) =>
      func([receiver], {
        FillNullWithStrategy: { Backward: isNull('limit') ? null : of('limit') },
      }),
  }),
  window('is_duplicated', {
    summary: 'Whether the value occurs more than once.',
    lineage: 'masking',
    type: always({ kind: 'boolean' }),
    lower: apply({ Boolean: 'IsDuplicated' }),
  }),
  window('is_unique', {
    summary: 'Whether the value occurs once.',
    lineage: 'masking',
    type: always({ kind: 'boolean' }),
    lower: apply({ Boolean: 'IsUnique' }),
  }),
  window('is_first_distinct', {
    summary: 'Whether the value occurs here for the first time.',
    lineage: 'masking',
    type: always({ kind: 'boolean' }),
    lower: apply({ Boolean: 'IsFirstDistinct' }),
  }),
  window('reverse', { summary: 'Values in reverse order.', type: same, lower: apply('Reverse') }),
  window('sort', {
    summary: 'Values in order.',
    parameters: ORDER,
    type: same,
    lower: ({ receiver, flag: of }) => ({
      Sort: { expr: receiver, options: sortOptions(of('descending'), of('nulls_last')) },
    }),
  }),
  window('sort_by', {
    summary: 'Values in the order of other expressions.',
    parameters: [
      columns('by', 'sort'),
      keyword(many(flag('descending', false))),
      keyword(many(flag('nulls_last', false))),
      keyword(flag('maintain_order', false)),
    ],
    type: same,
    lower: ({ receiver, expressions, flags, flag: of }) => {
      const by = expressions('by');
      const options = sortOptions(
        flags('descending', by.length),
        flags('nulls_last', by.length),
        of('maintain_order'),
      );
      return { SortBy: { expr: receiver, by, sort_options: options } };
    },
  }),
  resize('unique', {
    summary: 'Different values, each once.',
    parameters: [keyword(flag('maintain_order', false))],
    type: same,
    lower: ({ receiver, flag: of }) => func([receiver], { Unique: of('maintain_order') }),
  }),
  resize('filter', {
    summary: 'Values for which the predicates hold.',
    parameters: [{ ...columns('predicates', 'filter'), isConstraint: true }],
    type: same,
    lower: ({ receiver, expressions }) => ({
      Filter: {
        input: receiver,
        by: expressions('predicates').reduce((left, right) => ({
          BinaryExpr: { left, op: 'And', right },
        })),
      },
    }),
  }),
  resize('drop_nulls', {
    summary: 'Values that are not null.',
    type: same,
    lower: apply('DropNulls'),
  }),
  resize('drop_nans', {
    summary: 'Values that are not NaN.',
    type: same,
    lower: apply('DropNans'),
  }),
  resize('head', {
    summary: 'The first values.',
    parameters: [integer('n', 10)],
    type: same,
    lower: ({ receiver, integer: of }) =>
      slice(receiver, integerLiteral(0), integerLiteral(of('n'))),
  }),
  resize('tail', {
    summary: 'The last values.',
    parameters: [integer('n', 10)],
    type: same,
    lower: ({ receiver, integer: of }) =>
      slice(receiver, integerLiteral(-of('n')), integerLiteral(of('n'))),
  }),
  resize('slice', {
    summary: 'Values from an offset on.',
    parameters: [integer('offset'), nullable(integer('length'))],
    type: same,
    lower: ({ receiver, integer: of, isNull }) => {
      const offset = of('offset');
      if (isNull('length')) return slice(receiver, integerLiteral(offset), NULL_LITERAL);
      if (offset < 0) return sliceFromEnd(receiver, -offset, of('length'));
      return slice(receiver, integerLiteral(offset), integerLiteral(of('length')));
    },
  }),
  resize('explode', {
    summary: 'Members of lists, one in a row.',
    type: from((type) => (type.kind === 'list' ? type.inner : type)),
    lower: ({ receiver }) => ({
      Explode: { input: receiver, options: { empty_as_null: true, keep_nulls: true } },
    }),
  }),
];

/** By two reversals: nodejs-polars 0.26.1 writes a value too many of such a slice of shifted values. */
function sliceFromEnd(values: Json, offset: bigint, length: bigint): Json {
  const last = slice(values, integerLiteral(-offset), integerLiteral(offset));
  if (length >= offset) return last;
  const wanted = slice(
    func([last], 'Reverse'),
    integerLiteral(offset - length),
    integerLiteral(length),
  );
  return func([wanted], 'Reverse');
}

/** Polars orders a window by one expression: several become one struct, which compares member by member. */
function orderKey(keys: readonly Json[]): Json {
  const [only] = keys;
  return keys.length === 1 && only !== undefined ? only : func(keys, 'AsStruct');
}
