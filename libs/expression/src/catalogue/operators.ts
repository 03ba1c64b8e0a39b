import { binary, func } from '../lower/shapes.ts';
import { BOOLEAN } from '../types/kinds.ts';
import {
  addition,
  comparison,
  division,
  flooring,
  logic,
  multiplication,
  power,
  subtraction,
  type OperatorRule,
} from '../types/operators.ts';
import { typed } from '../types/supertype.ts';
import { choice, column, flag, keyword, value } from './parameters.ts';
import { elementwise, apply } from './rows.ts';
import type { Entry } from './signature.ts';
import {
  always,
  mismatchOf,
  onBooleanOrInteger,
  onReal,
  onSigned,
  operator,
  unchanged,
} from './type-rules.ts';

/** A row for an operator: its method's name, its symbol in the text, and its name in Polars. */
const binaryOperator = (
  [name, symbol, polars]: readonly [string, string, string],
  rule: OperatorRule,
): Entry =>
  elementwise(name, {
    summary: `The same as \`${symbol}\`.`,
    parameters: [value('other')],
    type: operator(symbol, rule),
    lower: ({ receiver, expression }) => binary(receiver, polars, expression('other')),
  });

export const OPERATORS: readonly Entry[] = [
  binaryOperator(['add', '+', 'Plus'], addition),
  binaryOperator(['sub', '-', 'Minus'], subtraction),
  binaryOperator(['mul', '*', 'Multiply'], multiplication),
  binaryOperator(['truediv', '/', 'TrueDivide'], division),
  binaryOperator(['floordiv', '//', 'FloorDivide'], flooring),
  binaryOperator(['mod', '%', 'Modulus'], flooring),
  binaryOperator(['and_', '&', 'And'], logic),
  binaryOperator(['or_', '|', 'Or'], logic),
  binaryOperator(['xor', '^', 'Xor'], logic),
  binaryOperator(['eq', '==', 'Eq'], comparison),
  binaryOperator(['ne', '!=', 'NotEq'], comparison),
  binaryOperator(['lt', '<', 'Lt'], comparison),
  binaryOperator(['le', '<=', 'LtEq'], comparison),
  binaryOperator(['gt', '>', 'Gt'], comparison),
  binaryOperator(['ge', '>=', 'GtEq'], comparison),
  binaryOperator(['eq_missing', '== (null equals null)', 'EqValidity'], comparison),
  binaryOperator(['ne_missing', '!= (null equals null)', 'NotEqValidity'], comparison),
  elementwise('pow', {
    summary: 'The same as `**`.',
    parameters: [value('exponent')],
    type: operator('**', power),
    lower: ({ receiver, expression }) =>
      func([receiver, expression('exponent')], { Pow: 'Generic' }),
  }),
  elementwise('neg', {
    summary: 'The same as `-` before a value.',
    type: onSigned(unchanged),
    lower: apply('Negate'),
  }),
  elementwise('not_', {
    summary: 'The same as `~`.',
    type: onBooleanOrInteger(unchanged),
    lower: apply({ Boolean: 'Not' }),
  }),
];

const CLOSED = ['both', 'left', 'right', 'none'];

export const MEMBERSHIP: readonly Entry[] = [
  elementwise('is_null', {
    summary: 'Whether the value is null.',
    lineage: 'masking',
    type: always(BOOLEAN),
    lower: apply({ Boolean: 'IsNull' }),
  }),
  elementwise('is_not_null', {
    summary: 'Whether the value is not null.',
    lineage: 'masking',
    type: always(BOOLEAN),
    lower: apply({ Boolean: 'IsNotNull' }),
  }),
  elementwise('is_nan', {
    summary: 'Whether the value is NaN.',
    lineage: 'masking',
    type: onReal(BOOLEAN),
    lower: apply({ Boolean: 'IsNan' }),
  }),
  elementwise('is_not_nan', {
    summary: 'Whether the value is not NaN.',
    lineage: 'masking',
    type: onReal(BOOLEAN),
    lower: apply({ Boolean: 'IsNotNan' }),
  }),
  elementwise('is_finite', {
    summary: 'Whether the value is neither infinite nor NaN.',
    lineage: 'masking',
    type: onReal(BOOLEAN),
    lower: apply({ Boolean: 'IsFinite' }),
  }),
  elementwise('is_infinite', {
    summary: 'Whether the value is infinite.',
    lineage: 'masking',
    type: onReal(BOOLEAN),
    lower: apply({ Boolean: 'IsInfinite' }),
  }),
  elementwise('is_in', {
    summary: 'Whether the value is one of a list.',
    parameters: [{ name: 'other', accepts: 'values' }, keyword(flag('nulls_equal', false))],
    type: ({ operands: [left, right] }) => {
      const inner = right?.type.kind === 'list' ? right.type.inner : undefined;
      if (!left || !inner) return BOOLEAN;
      return comparison(left, typed(inner)) ?? mismatchOf('is_in', left, typed(inner));
    },
    lower: ({ receiver, expression, flag: of }) =>
      func([receiver, expression('other')], {
        Boolean: { IsIn: { nulls_equal: of('nulls_equal') } },
      }),
  }),
  elementwise('is_between', {
    summary: 'Whether the value lies between two bounds.',
    parameters: [column('lower_bound'), column('upper_bound'), choice('closed', CLOSED, 'both')],
    type: ({ operands: [of, low, high] }) => {
      const bound = low && high && of ? [low, high].map((edge) => comparison(of, edge)) : [];
      return bound.includes(null)
        ? {
            problem: '`is_between` cannot compare the value with its bounds',
            hint: 'convert the bounds to the type of the column',
          }
        : BOOLEAN;
    },
    // The bundled Polars has no function for it; the two comparisons are what the function stands for.
    lower: ({ receiver, expression, text }) => {
      const closed = text('closed');
      const above = closed === 'both' || closed === 'left' ? 'GtEq' : 'Gt';
      const below = closed === 'both' || closed === 'right' ? 'LtEq' : 'Lt';
      return binary(
        binary(receiver, above, expression('lower_bound')),
        'And',
        binary(receiver, below, expression('upper_bound')),
      );
    },
  }),
];
