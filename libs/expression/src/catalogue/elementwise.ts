import { binary, cast, floatLiteral, func, ternary } from '../lower/shapes.ts';
import { UNKNOWN } from '../types/kinds.ts';
import { choice, column, flag, integer, keyword, nullable, optional, value } from './parameters.ts';
import { elementwise, apply, rustName } from './rows.ts';
import type { Entry } from './signature.ts';
import {
  common,
  from,
  onAmount,
  onClippable,
  onNumber,
  onNumeric,
  onReal,
  same,
  toFloat,
  unchanged,
} from './type-rules.ts';

const STRATEGIES = ['forward', 'backward', 'min', 'max', 'mean', 'zero', 'one'];

const MISSING: readonly Entry[] = [
  elementwise('fill_null', {
    summary: 'Replaces nulls with a value, or by a strategy.',
    isDeciding: true,
    parameters: [
      optional(value('value')),
      nullable(choice('strategy', STRATEGIES)),
      nullable(integer('limit')),
    ],
    type: (call) => {
      if (call.operand('value')) return common()(call);
      const hasStrategy = call.constant('strategy')?.kind !== 'null';
      return hasStrategy ? same(call) : { problem: '`.fill_null` needs a value or a strategy' };
    },
    lower: ({ receiver, has, expression, isNull, text, integer: of }) => {
      if (has('value') || isNull('strategy'))
        return func([receiver, expression('value')], 'FillNull');
      const strategy = text('strategy');
      const limit = isNull('limit') ? null : of('limit');
      const isDirected = strategy === 'forward' || strategy === 'backward';
      return func([receiver], {
        FillNullWithStrategy: isDirected ? { [rustName(strategy)]: limit } : rustName(strategy),
      });
    },
  }),
  elementwise('fill_nan', {
    summary: 'Replaces NaN with a value; nulls stay.',
    parameters: [value('value')],
    type: common(),
    lower: ({ receiver, expression }) => {
      const isKept = binary(
        func([receiver], { Boolean: 'IsNotNan' }),
        'Or',
        func([receiver], { Boolean: 'IsNull' }),
      );
      return ternary(isKept, receiver, expression('value'));
    },
  }),
];

const trigonometry = (name: string, polars: string): Entry =>
  elementwise(name, {
    summary: `The function ${name} of each value.`,
    type: onReal(toFloat),
    lower: apply({ Trigonometry: polars }),
  });

const MATHS: readonly Entry[] = [
  elementwise('abs', {
    summary: 'Absolute value.',
    type: onAmount(unchanged),
    lower: apply('Abs'),
  }),
  elementwise('sqrt', {
    summary: 'Square root.',
    type: onNumber(toFloat),
    lower: apply({ Pow: 'Sqrt' }),
  }),
  elementwise('cbrt', {
    summary: 'Cube root.',
    type: onNumber(toFloat),
    lower: apply({ Pow: 'Cbrt' }),
  }),
  elementwise('exp', {
    summary: 'e to the power of the value.',
    type: onNumber(toFloat),
    lower: apply('Exp'),
  }),
  elementwise('log', {
    summary: 'Logarithm; to the base e if none is given.',
    parameters: [
      { name: 'base', accepts: 'number', fallback: { kind: 'float', value: String(Math.E) } },
    ],
    type: onNumber(toFloat),
    lower: ({ receiver, number }) => func([receiver, floatLiteral(number('base'))], 'Log'),
  }),
  elementwise('log10', {
    summary: 'Logarithm to the base 10.',
    type: onNumber(toFloat),
    lower: ({ receiver }) => func([receiver, floatLiteral(10)], 'Log'),
  }),
  elementwise('log1p', {
    summary: 'Natural logarithm of one plus the value.',
    type: onNumber(toFloat),
    lower: apply('Log1p'),
  }),
  elementwise('sign', { summary: '-1, 0 or 1.', type: onNumeric(unchanged), lower: apply('Sign') }),
  trigonometry('sin', 'Sin'),
  trigonometry('cos', 'Cos'),
  trigonometry('tan', 'Tan'),
  trigonometry('arcsin', 'ArcSin'),
  trigonometry('arccos', 'ArcCos'),
  trigonometry('arctan', 'ArcTan'),
  trigonometry('cot', 'Cot'),
  trigonometry('sinh', 'Sinh'),
  trigonometry('cosh', 'Cosh'),
  trigonometry('tanh', 'Tanh'),
  trigonometry('arcsinh', 'ArcSinh'),
  trigonometry('arccosh', 'ArcCosh'),
  trigonometry('arctanh', 'ArcTanh'),
  trigonometry('degrees', 'Degrees'),
  trigonometry('radians', 'Radians'),
  elementwise('floor', {
    summary: 'Rounds down.',
    type: onNumeric(unchanged),
    lower: apply('Floor'),
  }),
  elementwise('ceil', { summary: 'Rounds up.', type: onNumeric(unchanged), lower: apply('Ceil') }),
  elementwise('round', {
    summary: 'Rounds to a number of decimals.',
    parameters: [
      integer('decimals', 0),
      choice('mode', ['half_to_even', 'half_away_from_zero'], 'half_to_even'),
    ],
    type: onNumeric(unchanged),
    lower: ({ receiver, integer: of, text }) =>
      func([receiver], {
        Round: {
          decimals: of('decimals'),
          mode: rustName(text('mode')),
        },
      }),
  }),
  elementwise('truncate', {
    summary: 'Cuts off after a number of decimals.',
    parameters: [integer('decimals', 0)],
    type: onNumeric(unchanged),
    lower: ({ receiver, integer: of }) =>
      func([receiver], { Truncate: { decimals: of('decimals') } }),
  }),
  elementwise('round_sig_figs', {
    summary: 'Rounds to a number of significant digits.',
    parameters: [integer('digits')],
    type: onNumeric(unchanged),
    lower: ({ receiver, integer: of }) => func([receiver], { RoundSF: { digits: of('digits') } }),
  }),
  elementwise('clip', {
    summary: 'Limits values to a range.',
    parameters: [optional(value('lower_bound')), optional(value('upper_bound'))],
    type: onClippable(unchanged),
    lower: ({ operands, has }) =>
      func(operands, { Clip: { has_min: has('lower_bound'), has_max: has('upper_bound') } }),
  }),
  elementwise('cast', {
    summary: 'Converts to another type; what does not convert is an error, or null if not strict.',
    parameters: [{ name: 'dtype', accepts: 'type' }, keyword(flag('strict', true))],
    type: ({ type }) => type('dtype') ?? UNKNOWN,
    lower: ({ receiver, type, flag: of }) => cast(receiver, type('dtype'), of('strict')),
  }),
  elementwise('hash', {
    summary: 'A hash of the value.',
    lineage: 'masking',
    parameters: [
      integer('seed', 0),
      nullable(integer('seed_1')),
      nullable(integer('seed_2')),
      nullable(integer('seed_3')),
    ],
    type: from(() => ({ kind: 'uint64' })),
    lower: ({ receiver, integer: of, isNull }) => {
      const seeds = ['seed', 'seed_1', 'seed_2', 'seed_3'];
      return func([receiver], { Hash: seeds.map((name) => of(isNull(name) ? 'seed' : name)) });
    },
  }),
  elementwise('repeat_by', {
    summary: 'A list that repeats the value.',
    parameters: [column('by')],
    type: from((type) => ({ kind: 'list', inner: type })),
    lower: ({ operands }) => func(operands, 'RepeatBy'),
  }),
];

export const ELEMENTWISE: readonly Entry[] = [...MISSING, ...MATHS];
