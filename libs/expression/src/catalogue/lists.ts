import type { Json } from '../json.ts';
import { binary, func, integerLiteral, sortOptions } from '../lower/shapes.ts';
import { BOOLEAN, STRING, UINT32, UNKNOWN } from '../types/kinds.ts';
import { evaluated } from './evaluation.ts';
import { flag, keyword, value } from './parameters.ts';
import { apply, elementwise, type Row } from './rows.ts';
import type { Entry } from './signature.ts';
import { innerOf, onList, toFloat, toSum, unchanged } from './type-rules.ts';

const ofList = (name: string, row: Row): Entry => elementwise(`list.${name}`, row);

const get = (receiver: Json, index: Json, nullOnOob: boolean): Json =>
  func([receiver, index], { ListExpr: { Get: nullOnOob } });

export const LISTS: readonly Entry[] = [
  ...evaluated('list', { isArray: false }),
  ofList('len', {
    summary: 'Number of members.',
    type: onList(UINT32),
    lower: apply({ ListExpr: 'Length' }),
  }),
  ofList('get', {
    summary: 'The member at an index; from the end if negative.',
    parameters: [value('index'), keyword(flag('null_on_oob', false))],
    type: onList(innerOf),
    lower: ({ receiver, expression, flag: of }) =>
      get(receiver, expression('index'), of('null_on_oob')),
  }),
  ofList('first', {
    summary: 'The first member.',
    type: onList(innerOf),
    lower: ({ receiver }) => get(receiver, integerLiteral(0), true),
  }),
  ofList('last', {
    summary: 'The last member.',
    type: onList(innerOf),
    lower: ({ receiver }) => get(receiver, integerLiteral(-1), true),
  }),
  ofList('sum', {
    summary: 'Sum of the members.',
    type: onList((type) => toSum(innerOf(type))),
    lower: apply({ ListExpr: 'Sum' }),
  }),
  ofList('mean', {
    summary: 'Mean of the members.',
    type: onList((type) => toFloat(innerOf(type))),
    lower: apply({ ListExpr: 'Mean' }),
  }),
  ofList('min', {
    summary: 'Smallest member.',
    type: onList(innerOf),
    lower: apply({ ListExpr: 'Min' }),
  }),
  ofList('max', {
    summary: 'Largest member.',
    type: onList(innerOf),
    lower: apply({ ListExpr: 'Max' }),
  }),
  ofList('sort', {
    summary: 'Members in order.',
    parameters: [keyword(flag('descending', false)), keyword(flag('nulls_last', false))],
    type: onList(unchanged),
    lower: ({ receiver, flag: of }) =>
      func([receiver], { ListExpr: { Sort: sortOptions(of('descending'), of('nulls_last')) } }),
  }),
  ofList('contains', {
    summary: 'Whether a value is a member.',
    parameters: [value('item'), keyword(flag('nulls_equal', true))],
    type: onList(BOOLEAN),
    lower: ({ operands, flag: of }) =>
      func(operands, { ListExpr: { Contains: { nulls_equal: of('nulls_equal') } } }),
  }),
  ofList('join', {
    summary: 'Members as one text.',
    parameters: [value('separator'), keyword(flag('ignore_nulls', true))],
    type: (call) => {
      const type = call.operands[0]?.type ?? UNKNOWN;
      if (type.kind === 'list' && type.inner.kind !== 'string' && type.inner.kind !== 'unknown') {
        return {
          problem: '`list.join` needs a list of String',
          hint: 'convert it before: .cast(pl.List(pl.String))',
        };
      }
      return onList(STRING)(call);
    },
    lower: ({ operands, flag: of }) => func(operands, { ListExpr: { Join: of('ignore_nulls') } }),
  }),
  ofList('slice', {
    summary: 'Members from an offset on.',
    parameters: [value('offset'), { ...value('length'), fallback: { kind: 'null' } }],
    type: onList(unchanged),
    lower: apply({ ListExpr: 'Slice' }),
  }),
  ofList('head', {
    summary: 'The first members.',
    parameters: [{ ...value('n'), fallback: { kind: 'integer', value: '5' } }],
    type: onList(unchanged),
    lower: ({ receiver, expression }) =>
      func([receiver, integerLiteral(0), expression('n')], { ListExpr: 'Slice' }),
  }),
  ofList('tail', {
    summary: 'The last members.',
    parameters: [{ ...value('n'), fallback: { kind: 'integer', value: '5' } }],
    type: onList(unchanged),
    lower: ({ receiver, expression }) => {
      const offset = binary(integerLiteral(0), 'Minus', {
        Cast: { expr: expression('n'), dtype: { Literal: 'Int64' }, options: 'NonStrict' },
      });
      return func([receiver, offset, expression('n')], { ListExpr: 'Slice' });
    },
  }),
];
