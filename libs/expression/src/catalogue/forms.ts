import type { DataType } from '../data-type.ts';
import { dataTypeJson } from '../lower/data-type-json.ts';
import { func } from '../lower/shapes.ts';
import { INT32, INT64, UINT32, UNKNOWN, array, bitsOf, integerOf } from '../types/kinds.ts';
import { settled } from '../types/supertype.ts';
import { flag, integer, keyword, many, nullable, optional } from './parameters.ts';
import { aggregate, apply, elementwise, type Row } from './rows.ts';
import type { Entry } from './signature.ts';
import { always, from, onInteger, same } from './type-rules.ts';

/** The same values in another form. */
const resize = (name: string, row: Row): Entry => elementwise(name, { shape: 'resize', ...row });

const ORDER = [keyword(flag('descending', false)), keyword(flag('nulls_last', false))];

export const FORMS: readonly Entry[] = [
  elementwise('to_physical', {
    summary: 'The numbers in which Polars keeps the values.',
    type: from((type) => {
      if (type.kind === 'date') return INT32;
      if (type.kind === 'datetime' || type.kind === 'duration' || type.kind === 'time')
        return INT64;
      return type.kind === 'list' || type.kind === 'struct' || type.kind === 'decimal'
        ? UNKNOWN
        : type.kind === 'categorical'
          ? UINT32
          : type;
    }),
    lower: apply('ToPhysical'),
  }),
  resize('reshape', {
    summary: 'All values in rows of a shape; -1 stands for what fits.',
    parameters: [many(integer('dimensions'))],
    type: ({ operands: [first], integers }) => {
      const [, ...inner] = integers('dimensions');
      if (first === undefined || inner.includes(null)) return UNKNOWN;
      return inner.reduceRight<DataType>(
        (of, width) => (width === -1n ? UNKNOWN : array(of, Number(width))),
        settled(first),
      );
    },
    lower: ({ receiver, integers }) => {
      // Polars keeps a dimension as one more than it is.
      const shape = integers('dimensions').map((size) =>
        size < 0n ? 'Infer' : { Specified: size + 1n },
      );
      return func([receiver], { Reshape: shape });
    },
  }),
  elementwise('reinterpret', {
    summary: 'The same bits as a number with or without a sign.',
    parameters: [
      keyword(nullable(flag('signed', true))),
      keyword(optional({ name: 'dtype', accepts: 'type' })),
    ],
    type: (call) => {
      const signed = call.constant('signed');
      const dtype = call.type('dtype');
      if (dtype !== undefined) return dtype;
      if (signed?.kind !== 'boolean') return UNKNOWN;
      return onInteger((type) => integerOf(signed.value, bitsOf(type)))(call);
    },
    lower: ({ receiver, isNull, flag: of, typeOrNull }) => {
      const type = typeOrNull('dtype');
      const literal = type === null ? null : { Literal: dataTypeJson(type) };
      return func([receiver], { Reinterpret: [isNull('signed') ? null : of('signed'), literal] });
    },
  }),
  elementwise('rechunk', {
    summary: 'The same values; how they lie in memory is not your concern.',
    type: same,
    lower: apply('Rechunk'),
  }),
  elementwise('shrink_dtype', {
    summary: 'The same values: Polars no longer changes the type, and nor does Floe.',
    type: same,
    lower: ({ receiver }) => receiver,
  }),
  elementwise('set_sorted', {
    summary: 'Promises that the values are in order. A wrong promise gives wrong results.',
    parameters: ORDER,
    type: same,
    lower: ({ receiver, flag: of }) =>
      func([receiver], {
        SetSortedFlag: { descending: of('descending'), nulls_last: of('nulls_last') },
      }),
  }),
  ...(['lower_bound', 'upper_bound'] as const).map((name) =>
    aggregate(name, {
      summary:
        name === 'lower_bound'
          ? 'The smallest number of the type.'
          : 'The largest number of the type.',
      lineage: 'masking',
      type: same,
      lower: apply(name === 'lower_bound' ? 'LowerBound' : 'UpperBound'),
    }),
  ),
  aggregate('approx_n_unique', {
    summary: 'Number of different values.',
    lineage: 'masking',
    type: always(UINT32),
    rewrittenAs: 'n_unique, which is exact',
    lower: ({ receiver }) => ({ Agg: { NUnique: receiver } }),
  }),
];
