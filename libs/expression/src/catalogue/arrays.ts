import type { Json } from '../json.ts';
import { binary, cast, func, integerLiteral, sortOptions } from '../lower/shapes.ts';
import { BOOLEAN, INT64, STRING, UINT32, UNKNOWN, array, list } from '../types/kinds.ts';
import { evaluated, evaluate, memberResult, structOf } from './evaluation.ts';
import {
  flag,
  integer,
  keyword,
  many,
  overMembers,
  text,
  value,
  withFallback,
} from './parameters.ts';
import { apply, elementwise, type Row } from './rows.ts';
import type { Entry, LowerCall, Parameter } from './signature.ts';
import { asList, innerOf, onArray, toFloat, toSum, unchanged } from './type-rules.ts';

const ofArray = (name: string, row: Row): Entry => elementwise(`arr.${name}`, row);
const simple = (name: string, polars: string, row: Pick<Row, 'summary' | 'type'>): Entry =>
  ofArray(name, { ...row, lower: apply({ ArrayExpr: polars }) });

const get = (receiver: Json, index: Json, nullOnOob: boolean): Json =>
  func([receiver, index], { ArrayExpr: { Get: nullOnOob } });
/** Slices have their own lengths, so that they are slices of lists. */
const slice = ({ receiver }: LowerCall, offset: Json, length: Json): Json =>
  func([func([receiver], { ArrayExpr: 'ToList' }), offset, length], { ListExpr: 'Slice' });
const fromEnd = (count: Json): Json =>
  binary(integerLiteral(0), 'Minus', cast(count, INT64, false));

const COUNT: Parameter = withFallback(value('n'), { kind: 'integer', value: '5' });
const LONGEST = 9_223_372_036_854_775_807n;

export const ARRAYS: readonly Entry[] = [
  simple('len', 'Length', { summary: 'Number of members.', type: onArray(UINT32) }),
  simple('sum', 'Sum', {
    summary: 'Sum of the members.',
    type: onArray((of) => toSum(innerOf(of))),
  }),
  simple('mean', 'Mean', {
    summary: 'Mean of the members.',
    type: onArray((of) => toFloat(innerOf(of))),
  }),
  simple('median', 'Median', {
    summary: 'Median of the members.',
    type: onArray((of) => toFloat(innerOf(of))),
  }),
  simple('min', 'Min', { summary: 'Smallest member.', type: onArray(innerOf) }),
  simple('max', 'Max', { summary: 'Largest member.', type: onArray(innerOf) }),
  simple('arg_min', 'ArgMin', { summary: 'Place of the smallest member.', type: onArray(UINT32) }),
  simple('arg_max', 'ArgMax', { summary: 'Place of the largest member.', type: onArray(UINT32) }),
  simple('to_list', 'ToList', { summary: 'As a list.', type: onArray(asList) }),
  ...(['std', 'var'] as const).map((name) =>
    ofArray(name, {
      summary: name === 'std' ? 'Standard deviation of the members.' : 'Variance of the members.',
      parameters: [integer('ddof', 1)],
      type: onArray((of) => toFloat(innerOf(of))),
      lower: ({ receiver, integer: of }) =>
        func([receiver], { ArrayExpr: { [name === 'std' ? 'Std' : 'Var']: of('ddof') } }),
    }),
  ),
  ofArray('get', {
    summary: 'The member at an index; from the end if negative.',
    parameters: [value('index'), keyword(flag('null_on_oob', false))],
    type: onArray(innerOf),
    lower: ({ receiver, expression, flag: of }) =>
      get(receiver, expression('index'), of('null_on_oob')),
  }),
  ofArray('first', {
    summary: 'The first member.',
    type: onArray(innerOf),
    lower: ({ receiver }) => get(receiver, integerLiteral(0), true),
  }),
  ofArray('last', {
    summary: 'The last member.',
    type: onArray(innerOf),
    lower: ({ receiver }) => get(receiver, integerLiteral(-1), true),
  }),
  ofArray('contains', {
    summary: 'Whether a value is a member.',
    parameters: [value('item'), keyword(flag('nulls_equal', true))],
    type: onArray(BOOLEAN),
    lower: ({ operands, flag: of }) =>
      func(operands, { ArrayExpr: { Contains: { nulls_equal: of('nulls_equal') } } }),
  }),
  ofArray('count_matches', {
    summary: 'How often a value is a member.',
    parameters: [value('element')],
    type: onArray(UINT32),
    rewrittenAs: 'the number of members that are equal',
    lower: ({ receiver, expression }) =>
      evaluate(
        receiver,
        { Agg: { Sum: binary('Element', 'EqValidity', expression('element')) } },
        'ArrayAgg',
      ),
  }),
  ofArray('join', {
    summary: 'Members as one text.',
    parameters: [value('separator'), keyword(flag('ignore_nulls', true))],
    type: onArray(STRING),
    lower: ({ operands, flag: of }) => func(operands, { ArrayExpr: { Join: of('ignore_nulls') } }),
  }),
  ofArray('sort', {
    summary: 'Members in order.',
    parameters: [keyword(flag('descending', false)), keyword(flag('nulls_last', false))],
    type: onArray(unchanged),
    lower: ({ receiver, flag: of }) =>
      func([receiver], { ArrayExpr: { Sort: sortOptions(of('descending'), of('nulls_last')) } }),
  }),
  ofArray('shift', {
    summary: 'Members moved by a number of places.',
    parameters: [withFallback(value('n'), { kind: 'integer', value: '1' })],
    type: onArray(unchanged),
    lower: apply({ ArrayExpr: 'Shift' }),
  }),
  ofArray('slice', {
    summary: 'Members from an offset on, as a list.',
    parameters: [
      value('offset'),
      withFallback(value('length'), { kind: 'integer', value: String(LONGEST) }),
    ],
    type: onArray(asList),
    lower: (call) => slice(call, call.expression('offset'), call.expression('length')),
  }),
  ofArray('head', {
    summary: 'The first members, as a list.',
    parameters: [COUNT],
    type: onArray(asList),
    lower: (call) => slice(call, integerLiteral(0), call.expression('n')),
  }),
  ofArray('tail', {
    summary: 'The last members, as a list.',
    parameters: [COUNT],
    type: onArray(asList),
    lower: (call) => slice(call, fromEnd(call.expression('n')), call.expression('n')),
  }),
  elementwise('arr.explode', {
    summary: 'One row for each member.',
    shape: 'resize',
    parameters: [keyword(flag('empty_as_null', true)), keyword(flag('keep_nulls', true))],
    type: onArray(innerOf),
    lower: ({ receiver, flag: of }) =>
      func([receiver], {
        ArrayExpr: {
          Explode: { empty_as_null: of('empty_as_null'), keep_nulls: of('keep_nulls') },
        },
      }),
  }),
  ofArray('to_struct', {
    summary: 'Members as the fields of a struct.',
    parameters: [many(text('fields'))],
    type: ({ operands: [first], texts }) => ({
      kind: 'struct',
      fields: texts('fields').map((name) => ({ name, type: innerOf(first?.type ?? UNKNOWN) })),
    }),
    rewrittenAs: 'a struct of the single members',
    lower: ({ receiver, texts }) =>
      structOf(texts('fields'), (index) => get(receiver, integerLiteral(index), true)),
  }),
  ...evaluated('arr', { isArray: true }),
  ofArray('eval', {
    summary: 'An expression over the members, evaluated within each array.',
    parameters: [overMembers('expr'), keyword(flag('as_list', false))],
    type: (call) => {
      const [type, result] = [call.operands[0]?.type, memberResult(call)];
      const asLists = call.constant('as_list');
      if (asLists?.kind === 'boolean' && asLists.value) return list(result);
      return type?.kind === 'array' ? array(result, type.width) : UNKNOWN;
    },
    lower: ({ receiver, expression, flag: of }) =>
      evaluate(receiver, expression('expr'), { Array: { as_list: of('as_list') } }),
  }),
];
