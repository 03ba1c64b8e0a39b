import { binary, func } from '../lower/shapes.ts';
import { FLOAT64, UNKNOWN, isFloat, isInteger } from '../types/kinds.ts';
import { supertype } from '../types/supertype.ts';
import { choice, column, flag, integer, keyword, nullable, number } from './parameters.ts';
import { aggregate, elementwise, rustName, type Row } from './rows.ts';
import type { Entry, LowerCall, Parameter } from './signature.ts';
import { always, onMeasure, onNumber, same, toFloat, toSum } from './type-rules.ts';

const window = (name: string, row: Row): Entry => elementwise(name, { shape: 'window', ...row });

const DECAY: readonly Parameter[] = [
  keyword(nullable(number('com'))),
  keyword(nullable(number('span'))),
  keyword(nullable(number('half_life'))),
  keyword(nullable(number('alpha'))),
];

/** The share of a value that the next one takes, from any of the four ways to say it. */
function alphaOf({ isNull, number: of }: LowerCall): number {
  if (!isNull('alpha')) return of('alpha');
  if (!isNull('com')) return 1 / (1 + of('com'));
  if (!isNull('span')) return 2 / (of('span') + 1);
  return isNull('half_life') ? Number.NaN : 1 - Math.exp(-Math.LN2 / of('half_life'));
}

const weighted = (name: string, polars: string, summary: string): Entry => {
  const isSpread = name === 'std' || name === 'var';
  return window(`ewm_${name}`, {
    summary,
    parameters: [
      ...DECAY,
      ...(name === 'sum' ? [] : [keyword(flag('adjust', true))]),
      ...(isSpread ? [keyword(flag('bias', false))] : []),
      keyword(integer('min_samples', 1)),
      keyword(flag('ignore_nulls', false)),
    ],
    type: (call) => {
      const given = ['com', 'span', 'half_life', 'alpha'].filter(
        (each) => call.constant(each)?.kind !== 'null',
      );
      if (given.length === 1) return onNumber(toFloat)(call);
      return {
        problem: `\`ewm_${name}\` needs one of com, span, half_life and alpha`,
        hint: 'like span=10',
      };
    },
    lower: (call) =>
      func([call.receiver], {
        [polars]: {
          options: {
            alpha: alphaOf(call),
            adjust: name === 'sum' ? true : call.flag('adjust'),
            bias: isSpread ? call.flag('bias') : false,
            min_periods: call.integer('min_samples'),
            ignore_nulls: call.flag('ignore_nulls'),
          },
        },
      }),
  });
};

const SUMMARIES: readonly Entry[] = [
  aggregate('dot', {
    summary: 'Sum of the products of both.',
    parameters: [column('other')],
    type: (call) => {
      const [left, right] = call.operands;
      const met = left && right ? supertype(left, right) : null;
      return met === null ? UNKNOWN : toSum(met);
    },
    lower: ({ receiver, expression }) => ({
      Agg: { Sum: binary(receiver, 'Multiply', expression('other')) },
    }),
  }),
  aggregate('entropy', {
    summary: 'Entropy of the values as probabilities.',
    parameters: [number('base', Math.E), keyword(flag('normalize', true))],
    type: onNumber(toFloat),
    lower: ({ receiver, number: of, flag: is }) =>
      func([receiver], { Entropy: { base: of('base'), normalize: is('normalize') } }),
  }),
  window('interpolate', {
    summary: 'Nulls between values, by their neighbours.',
    parameters: [choice('method', ['linear', 'nearest'], 'linear')],
    type: (call) => {
      const method = call.constant('method');
      if (method?.kind !== 'string') return UNKNOWN;
      const type = call.operands[0]?.type ?? UNKNOWN;
      if (method.value === 'nearest' || isFloat(type)) return same(call);
      return onMeasure((of) => (isInteger(of) ? FLOAT64 : of))(call);
    },
    lower: ({ receiver, text: of }) => func([receiver], { Interpolate: rustName(of('method')) }),
  }),
  window('cumulative_eval', {
    summary: 'An expression over `pl.element()`: all values so far.',
    parameters: [{ name: 'expr', accepts: 'members' }, keyword(integer('min_samples', 1))],
    type: (call) => call.operand('expr')?.type ?? UNKNOWN,
    lower: ({ receiver, expression, integer: of }) => ({
      Eval: {
        expr: receiver,
        evaluation: expression('expr'),
        variant: { Cumulative: { min_samples: of('min_samples') } },
      },
    }),
  }),
];

const METHODS = ['pearson', 'spearman'];

const PAIRS: readonly Entry[] = [
  aggregate('pl.corr', {
    summary: 'Correlation of two expressions.',
    parameters: [
      column('a'),
      column('b'),
      keyword(choice('method', METHODS, 'pearson')),
      keyword(nullable(integer('ddof'))),
      keyword(flag('propagate_nans', false)),
    ],
    type: always(FLOAT64),
    lower: ({ operands, text, flag: of }) =>
      func(operands, {
        Correlation: {
          method: text('method') === 'pearson' ? 'Pearson' : { SpearmanRank: of('propagate_nans') },
        },
      }),
  }),
  aggregate('pl.cov', {
    summary: 'Covariance of two expressions.',
    parameters: [column('a'), column('b'), keyword(integer('ddof', 1))],
    type: always(FLOAT64),
    lower: ({ operands, integer: of }) =>
      func(operands, { Correlation: { method: { Covariance: of('ddof') } } }),
  }),
  ...(['corr', 'cov'] as const).map((name) =>
    window(`pl.rolling_${name}`, {
      summary: `${name === 'corr' ? 'Correlation' : 'Covariance'} of two expressions over a window of rows.`,
      parameters: [
        column('a'),
        column('b'),
        keyword(integer('window_size')),
        keyword(nullable(integer('min_samples'))),
        keyword(integer('ddof', 1)),
      ],
      type: always(FLOAT64),
      lower: ({ operands, integer: of, isNull }) => {
        const size = of('window_size');
        const least = isNull('min_samples') ? size : of('min_samples');
        const pair = { window_size: size, min_periods: least, ddof: of('ddof') };
        return func(operands, {
          RollingExpr: {
            function: { CorrCov: { corr_cov_options: pair, is_corr: name === 'corr' } },
            options: {
              window_size: size,
              min_periods: least,
              weights: null,
              center: false,
              fn_params: null,
            },
          },
        });
      },
    }),
  ),
];

export const STATISTICS: readonly Entry[] = [
  weighted('mean', 'EwmMean', 'Mean in which older values weigh less.'),
  weighted('sum', 'EwmSum', 'Sum in which older values weigh less.'),
  weighted('std', 'EwmStd', 'Standard deviation in which older values weigh less.'),
  weighted('var', 'EwmVar', 'Variance in which older values weigh less.'),
  ...SUMMARIES,
  ...PAIRS,
];
