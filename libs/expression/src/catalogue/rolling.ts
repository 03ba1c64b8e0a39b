import type { Json } from '../json.ts';
import { func } from '../lower/shapes.ts';
import { FLOAT64, UNKNOWN } from '../types/kinds.ts';
import { choice, flag, integer, keyword, many, nullable, number, optional } from './parameters.ts';
import { elementwise, rustName } from './rows.ts';
import type { Entry, LowerCall, Parameter, TypeRule } from './signature.ts';
import { onMeasure, onNumber, same, toFloat, toMean, toSum } from './type-rules.ts';

const WINDOW: readonly Parameter[] = [
  keyword(nullable(integer('min_samples'))),
  keyword(flag('center', false)),
];
const WEIGHTS: Parameter = optional(many({ name: 'weights', accepts: 'number' }));
const INTERPOLATIONS = ['nearest', 'higher', 'lower', 'midpoint', 'linear', 'equiprobable'];

const options = (call: LowerCall, parameters: Json): Json => ({
  window_size: call.integer('window_size'),
  min_periods: call.isNull('min_samples')
    ? call.integer('window_size')
    : call.integer('min_samples'),
  weights: call.numbers('weights').length === 0 ? null : call.numbers('weights'),
  center: call.flag('center'),
  fn_params: parameters,
});

type Rolling = {
  readonly summary: string;
  readonly polars: string;
  readonly type: TypeRule;
  readonly before?: readonly Parameter[];
  readonly after?: readonly Parameter[];
  readonly hasWeights?: true;
  readonly parameters: (call: LowerCall) => Json;
};

const rolling = (name: string, row: Rolling): Entry =>
  elementwise(`rolling_${name}`, {
    shape: 'window',
    summary: row.summary,
    type: row.type,
    parameters: [
      ...(row.before ?? [integer('window_size')]),
      ...(row.hasWeights ? [WEIGHTS] : []),
      ...WINDOW,
      ...(row.after ?? []),
    ],
    lower: (call) =>
      func([call.receiver], {
        RollingExpr: { function: row.polars, options: options(call, row.parameters(call)) },
      }),
  });

const none = (): Json => null;
const spread = ({ integer: of }: LowerCall): Json => ({ Var: { ddof: of('ddof') } });
const quantile = (prob: number, method: string): Json => ({ Quantile: { prob, method } });

export const ROLLING: readonly Entry[] = [
  rolling('mean', {
    summary: 'Mean over a window of rows.',
    polars: 'Mean',
    type: onMeasure(toMean),
    hasWeights: true,
    parameters: none,
  }),
  rolling('sum', {
    summary: 'Sum over a window of rows.',
    polars: 'Sum',
    type: onNumber(toSum),
    hasWeights: true,
    parameters: none,
  }),
  rolling('min', {
    summary: 'Smallest value in a window of rows.',
    polars: 'Min',
    type: same,
    hasWeights: true,
    parameters: none,
  }),
  rolling('max', {
    summary: 'Largest value in a window of rows.',
    polars: 'Max',
    type: same,
    hasWeights: true,
    parameters: none,
  }),
  rolling('std', {
    summary: 'Standard deviation over a window of rows.',
    polars: 'Std',
    type: onNumber(toFloat),
    hasWeights: true,
    after: [keyword(integer('ddof', 1))],
    parameters: spread,
  }),
  rolling('var', {
    summary: 'Variance over a window of rows.',
    polars: 'Var',
    type: onNumber(toFloat),
    hasWeights: true,
    after: [keyword(integer('ddof', 1))],
    parameters: spread,
  }),
  rolling('median', {
    summary: 'Median over a window of rows.',
    polars: 'Quantile',
    type: onNumber(toFloat),
    hasWeights: true,
    parameters: () => quantile(0.5, 'Linear'),
  }),
  rolling('quantile', {
    summary: 'Quantile over a window of rows.',
    polars: 'Quantile',
    type: onNumber(toFloat),
    before: [
      number('quantile'),
      choice('interpolation', INTERPOLATIONS, 'nearest'),
      integer('window_size', 2),
    ],
    hasWeights: true,
    parameters: ({ number: of, text }) => quantile(of('quantile'), rustName(text('interpolation'))),
  }),
  rolling('skew', {
    summary: 'Skewness over a window of rows.',
    polars: 'Skew',
    type: onNumber(toFloat),
    after: [keyword(flag('bias', true))],
    parameters: ({ flag: of }) => ({ Skew: { bias: of('bias') } }),
  }),
  rolling('kurtosis', {
    summary: 'Kurtosis over a window of rows.',
    polars: 'Kurtosis',
    type: onNumber(toFloat),
    after: [keyword(flag('fisher', true)), keyword(flag('bias', true))],
    parameters: ({ flag: of }) => ({ Kurtosis: { fisher: of('fisher'), bias: of('bias') } }),
  }),
  rolling('rank', {
    summary: 'Rank of the last value of a window of rows.',
    polars: 'Rank',
    type: (call) => {
      const method = call.constant('method');
      if (method?.kind !== 'string') return UNKNOWN;
      return method.value === 'average' ? FLOAT64 : { kind: 'uint32' };
    },
    before: [
      integer('window_size'),
      choice('method', ['average', 'min', 'max', 'dense', 'random'], 'average'),
    ],
    after: [keyword(nullable(integer('seed')))],
    parameters: ({ text, isNull, integer: of }) => ({
      Rank: { method: rustName(text('method')), seed: isNull('seed') ? null : of('seed') },
    }),
  }),
];
