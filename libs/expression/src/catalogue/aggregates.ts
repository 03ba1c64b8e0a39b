import type { DataType } from '../data-type.ts';
import { floatLiteral, func } from '../lower/shapes.ts';
import { BOOLEAN, FLOAT64, INT64, UINT32, isInteger, list } from '../types/kinds.ts';
import { choice, flag, integer, keyword } from './parameters.ts';
import { aggregate, apply, rustName } from './rows.ts';
import type { Entry } from './signature.ts';
import {
  always,
  from,
  onMeasure,
  onNumber,
  onNumberOrDuration,
  onTruth,
  same,
  toFloat,
  toMean,
  toSum,
} from './type-rules.ts';

const agg =
  (name: string): Entry['lower'] =>
  ({ receiver }) => ({ Agg: { [name]: receiver } });
const extreme =
  (name: string, propagatesNans: boolean): Entry['lower'] =>
  ({ receiver }) => ({ Agg: { [name]: { input: receiver, propagate_nans: propagatesNans } } });
/** Polars multiplies narrow integers and booleans in Int64. */
function toProduct(type: DataType): DataType {
  if (type.kind === 'decimal') return { ...type, precision: 38 };
  return type.kind === 'boolean' || (isInteger(type) && type.kind !== 'uint64') ? INT64 : type;
}

/** The value at one end of the rows. */
const atEnd = (name: string, polars: string): Entry =>
  aggregate(name, {
    summary: `${polars} value.`,
    parameters: [keyword(flag('ignore_nulls', false))],
    type: same,
    lower: ({ receiver, flag: of }) => ({
      Agg: { [of('ignore_nulls') ? `${polars}NonNull` : polars]: receiver },
    }),
  });

const INTERPOLATIONS = ['nearest', 'higher', 'lower', 'midpoint', 'linear', 'equiprobable'];

export const AGGREGATES: readonly Entry[] = [
  aggregate('sum', {
    summary: 'Sum of the values.',
    type: onNumberOrDuration(toSum),
    lower: agg('Sum'),
  }),
  aggregate('mean', {
    summary: 'Mean of the values.',
    type: onMeasure(toMean),
    lower: agg('Mean'),
  }),
  aggregate('median', {
    summary: 'Median of the values.',
    type: onMeasure(toMean),
    lower: agg('Median'),
  }),
  aggregate('min', { summary: 'Smallest value.', type: same, lower: extreme('Min', false) }),
  aggregate('max', { summary: 'Largest value.', type: same, lower: extreme('Max', false) }),
  aggregate('nan_min', {
    summary: 'Smallest value, NaN if there is one.',
    type: same,
    lower: extreme('Min', true),
  }),
  aggregate('nan_max', {
    summary: 'Largest value, NaN if there is one.',
    type: same,
    lower: extreme('Max', true),
  }),
  aggregate('std', {
    summary: 'Standard deviation.',
    parameters: [integer('ddof', 1)],
    type: onNumberOrDuration((type) => (type.kind === 'duration' ? type : toFloat(type))),
    lower: ({ receiver, integer: of }) => ({ Agg: { Std: [receiver, of('ddof')] } }),
  }),
  aggregate('var', {
    summary: 'Variance.',
    parameters: [integer('ddof', 1)],
    type: onNumber(toFloat),
    lower: ({ receiver, integer: of }) => ({ Agg: { Var: [receiver, of('ddof')] } }),
  }),
  aggregate('count', {
    summary: 'Number of values that are not null.',
    lineage: 'masking',
    type: always(UINT32),
    lower: ({ receiver }) => ({ Agg: { Count: { input: receiver, include_nulls: false } } }),
  }),
  aggregate('len', {
    summary: 'Number of values, nulls included.',
    lineage: 'masking',
    type: always(UINT32),
    lower: ({ receiver }) => ({ Agg: { Count: { input: receiver, include_nulls: true } } }),
  }),
  aggregate('n_unique', {
    summary: 'Number of different values; null counts as one.',
    lineage: 'masking',
    type: always(UINT32),
    lower: agg('NUnique'),
  }),
  aggregate('null_count', {
    summary: 'Number of nulls.',
    lineage: 'masking',
    type: always(UINT32),
    lower: apply('NullCount'),
  }),
  atEnd('first', 'First'),
  atEnd('last', 'Last'),
  aggregate('product', {
    summary: 'Product of the values.',
    type: onNumber(toProduct),
    lower: apply('Product'),
  }),
  aggregate('quantile', {
    summary: 'The value below which the share `quantile` (0 to 1) of the values lies.',
    parameters: [
      { name: 'quantile', accepts: 'number' },
      choice('interpolation', INTERPOLATIONS, 'nearest'),
    ],
    type: onMeasure(toMean),
    lower: ({ receiver, number, text }) =>
      func([receiver, floatLiteral(number('quantile'))], {
        Quantile: { method: rustName(text('interpolation')) },
      }),
  }),
  aggregate('any', {
    summary: 'Whether any value is true.',
    parameters: [keyword(flag('ignore_nulls', true))],
    type: onTruth(BOOLEAN),
    lower: ({ receiver, flag: of }) =>
      func([receiver], { Boolean: { Any: { ignore_nulls: of('ignore_nulls') } } }),
  }),
  aggregate('all', {
    summary: 'Whether all values are true.',
    parameters: [keyword(flag('ignore_nulls', true))],
    type: onTruth(BOOLEAN),
    lower: ({ receiver, flag: of }) =>
      func([receiver], { Boolean: { All: { ignore_nulls: of('ignore_nulls') } } }),
  }),
  aggregate('has_nulls', {
    summary: 'Whether there is a null.',
    lineage: 'masking',
    type: always(BOOLEAN),
    lower: apply({ Boolean: 'HasNulls' }),
  }),
  aggregate('arg_min', {
    summary: 'Row of the smallest value.',
    lineage: 'masking',
    type: always(UINT32),
    lower: apply('ArgMin'),
  }),
  aggregate('arg_max', {
    summary: 'Row of the largest value.',
    lineage: 'masking',
    type: always(UINT32),
    lower: apply('ArgMax'),
  }),
  aggregate('skew', {
    summary: 'Skewness of the values.',
    parameters: [keyword(flag('bias', true))],
    type: onNumber(FLOAT64),
    lower: ({ receiver, flag: of }) => func([receiver], { Skew: of('bias') }),
  }),
  aggregate('kurtosis', {
    summary: 'Kurtosis of the values.',
    parameters: [keyword(flag('fisher', true)), keyword(flag('bias', true))],
    type: onNumber(FLOAT64),
    lower: ({ receiver, flag: of }) => func([receiver], { Kurtosis: [of('fisher'), of('bias')] }),
  }),
  aggregate('implode', {
    summary: 'All values as one list.',
    parameters: [keyword(flag('maintain_order', true))],
    type: from(list),
    lower: ({ receiver }) => ({ Agg: { Implode: { input: receiver, maintain_order: true } } }),
  }),
];
