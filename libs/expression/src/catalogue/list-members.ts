import type { Json } from '../json.ts';
import { binary, func, integerLiteral } from '../lower/shapes.ts';
import { UINT32, UNKNOWN, array, list } from '../types/kinds.ts';
import { supertype, typed } from '../types/supertype.ts';
import { evaluate, memberResult, structOf } from './evaluation.ts';
import {
  choice,
  column,
  flag,
  integer,
  keyword,
  many,
  nullable,
  overMembers,
  text,
  value,
  withFallback,
} from './parameters.ts';
import { apply, elementwise, type Row } from './rows.ts';
import type { Entry, TypeRule } from './signature.ts';
import { innerOf, onList, toDifference, toFloat, unchanged } from './type-rules.ts';

/** Methods of lists that compute with their members or choose among them. */
const ofList = (name: string, row: Row): Entry => elementwise(`list.${name}`, row);

const get = (receiver: Json, index: number): Json =>
  func([receiver, integerLiteral(index)], { ListExpr: { Get: true } });

/** Both lists, or a list and single values, brought to one type. */
const together: TypeRule = ({ operands: [left, right] }) => {
  if (left === undefined || right === undefined) return UNKNOWN;
  const other = right.type.kind === 'list' ? typed(right.type.inner) : right;
  const met = supertype(typed(innerOf(left.type)), other);
  return met === null
    ? { problem: 'the lists have members of different types', hint: 'convert one with .cast(...)' }
    : list(met);
};

export const LIST_MEMBERS: readonly Entry[] = [
  ofList('eval', {
    summary: 'An expression over the members, evaluated within each list.',
    parameters: [overMembers('expr'), keyword(flag('parallel', false))],
    type: (call) => list(memberResult(call)),
    lower: ({ receiver, expression }) => evaluate(receiver, expression('expr'), 'List'),
  }),
  ofList('filter', {
    summary: 'Members for which an expression over `pl.element()` holds.',
    parameters: [{ ...overMembers('predicate'), role: 'filter' }],
    type: onList(unchanged),
    lower: ({ receiver, expression }) =>
      evaluate(receiver, { Filter: { input: 'Element', by: expression('predicate') } }, 'List'),
  }),
  ofList('median', {
    summary: 'Median of the members.',
    type: onList((type) => toFloat(innerOf(type))),
    lower: apply({ ListExpr: 'Median' }),
  }),
  ...(['std', 'var'] as const).map((name) =>
    ofList(name, {
      summary: name === 'std' ? 'Standard deviation of the members.' : 'Variance of the members.',
      parameters: [integer('ddof', 1)],
      type: onList((type) => toFloat(innerOf(type))),
      lower: ({ receiver, integer: of }) =>
        func([receiver], { ListExpr: { [name === 'std' ? 'Std' : 'Var']: of('ddof') } }),
    }),
  ),
  ofList('arg_min', {
    summary: 'Place of the smallest member.',
    type: onList(UINT32),
    lower: apply({ ListExpr: 'ArgMin' }),
  }),
  ofList('arg_max', {
    summary: 'Place of the largest member.',
    type: onList(UINT32),
    lower: apply({ ListExpr: 'ArgMax' }),
  }),
  ofList('diff', {
    summary: 'Difference of each member to the one `n` places before.',
    parameters: [integer('n', 1), choice('null_behavior', ['ignore'], 'ignore')],
    type: onList((type) => list(toDifference(innerOf(type)))),
    lower: ({ receiver, integer: of }) =>
      func([receiver], { ListExpr: { Diff: { n: of('n'), null_behavior: 'Ignore' } } }),
  }),
  ofList('shift', {
    summary: 'Members moved by a number of places.',
    parameters: [withFallback(value('n'), { kind: 'integer', value: '1' })],
    type: onList(unchanged),
    lower: apply({ ListExpr: 'Shift' }),
  }),
  ofList('concat', {
    summary: 'The members of both.',
    parameters: [column('other')],
    type: together,
    lower: apply({ ListExpr: 'Concat' }),
  }),
  ofList('set_union', {
    summary: 'Different members of both, each once.',
    parameters: [column('other')],
    type: together,
    rewrittenAs: 'the unique members of both lists, which need not come in the same order',
    lower: ({ operands }) =>
      evaluate(func(operands, { ListExpr: 'Concat' }), func(['Element'], { Unique: true }), 'List'),
  }),
  ofList('drop_nulls', {
    summary: 'Members that are not null.',
    type: onList(unchanged),
    rewrittenAs: '.list.eval(pl.element().drop_nulls())',
    lower: ({ receiver }) => evaluate(receiver, func(['Element'], 'DropNulls'), 'List'),
  }),
  ofList('count_matches', {
    summary: 'How often a value is a member.',
    parameters: [value('element')],
    type: onList(UINT32),
    rewrittenAs: 'the number of members that are equal',
    lower: ({ receiver, expression }) =>
      evaluate(
        receiver,
        { Agg: { Sum: binary('Element', 'EqValidity', expression('element')) } },
        'ListAgg',
      ),
  }),
  ofList('gather', {
    summary: 'Members at the given places.',
    parameters: [{ name: 'indices', accepts: 'rows' }, keyword(flag('null_on_oob', false))],
    type: onList(unchanged),
    rewrittenAs: '.list.eval(pl.element().gather(...)), for a fixed list of places',
    lower: ({ receiver, expression, flag: of }) =>
      evaluate(
        receiver,
        {
          Gather: {
            expr: 'Element',
            idx: expression('indices'),
            returns_scalar: false,
            null_on_oob: of('null_on_oob'),
          },
        },
        'List',
      ),
  }),
  ofList('gather_every', {
    summary: 'Every n-th member.',
    parameters: [integer('n'), integer('offset', 0)],
    type: onList(unchanged),
    rewrittenAs: '.list.eval(pl.element().gather_every(n))',
    lower: ({ receiver, integer: of }) =>
      evaluate(
        receiver,
        func(['Element'], { GatherEvery: { n: of('n'), offset: of('offset') } }),
        'List',
      ),
  }),
  ofList('item', {
    summary: 'The only member; fails when there are more.',
    parameters: [keyword(flag('allow_empty', false))],
    type: onList(innerOf),
    lower: ({ receiver, flag: of }) =>
      evaluate(
        receiver,
        { Agg: { Item: { input: 'Element', allow_empty: of('allow_empty') } } },
        'ListAgg',
      ),
  }),
  ofList('to_array', {
    summary: 'As an array of a width.',
    parameters: [integer('width')],
    type: (call) => {
      const width = call.constant('width');
      if (width?.kind !== 'integer') return UNKNOWN;
      return onList((type) => array(innerOf(type), Number(width.value)))(call);
    },
    lower: ({ receiver, integer: of }) => func([receiver], { ListExpr: { ToArray: of('width') } }),
  }),
  ofList('to_struct', {
    summary: 'Members as the fields of a struct.',
    parameters: [
      nullable(text('n_field_strategy')),
      many(text('fields')),
      nullable(integer('upper_bound')),
    ],
    type: ({ operands: [first], texts }) => ({
      kind: 'struct',
      fields: texts('fields').map((name) => ({ name, type: innerOf(first?.type ?? UNKNOWN) })),
    }),
    rewrittenAs: 'a struct of the single members; the names of the fields are needed',
    lower: ({ receiver, texts }) => structOf(texts('fields'), (index) => get(receiver, index)),
  }),
  elementwise('list.explode', {
    summary: 'One row for each member.',
    shape: 'resize',
    parameters: [keyword(flag('empty_as_null', true)), keyword(flag('keep_nulls', true))],
    type: onList(innerOf),
    lower: ({ receiver, flag: of }) => ({
      Explode: {
        input: receiver,
        options: { empty_as_null: of('empty_as_null'), keep_nulls: of('keep_nulls') },
      },
    }),
  }),
];
