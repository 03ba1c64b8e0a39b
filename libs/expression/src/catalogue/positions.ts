import { binary, func } from '../lower/shapes.ts';
import { BOOLEAN, UINT32 } from '../types/kinds.ts';
import { flag, keyword, value } from './parameters.ts';
import { aggregate, apply, elementwise, type Row } from './rows.ts';
import type { Entry } from './signature.ts';
import { always, from, onTruth } from './type-rules.ts';

/** Saying where values stand among the others. */
const window = (name: string, row: Row): Entry => elementwise(name, { shape: 'window', ...row });
const resize = (name: string, row: Row): Entry => elementwise(name, { shape: 'resize', ...row });

const ORDER = [keyword(flag('descending', false)), keyword(flag('nulls_last', false))];

const isFlag = (name: string, polars: string, summary: string): Entry =>
  window(name, { summary, lineage: 'masking', type: always(BOOLEAN), lower: apply(polars) });

export const PLACES: readonly Entry[] = [
  resize('arg_sort', {
    summary: 'The places of the values in order.',
    lineage: 'masking',
    parameters: ORDER,
    type: always(UINT32),
    lower: ({ receiver, flag: of }) =>
      func([receiver], {
        ArgSort: { descending: of('descending'), nulls_last: of('nulls_last') },
      }),
  }),
  resize('arg_true', {
    summary: 'The places of true values.',
    lineage: 'masking',
    type: onTruth(UINT32),
    lower: apply('ArgWhere'),
  }),
  resize('arg_unique', {
    summary: 'The places at which values occur for the first time.',
    lineage: 'masking',
    type: always(UINT32),
    lower: apply('ArgUnique'),
  }),
  aggregate('index_of', {
    summary: 'The place at which a value occurs for the first time, or null.',
    lineage: 'masking',
    parameters: [value('element')],
    type: always(UINT32),
    rewrittenAs: 'the first of the places that are equal',
    lower: ({ receiver, expression }) => ({
      Agg: {
        First: func([binary(receiver, 'EqValidity', expression('element'))], 'ArgWhere'),
      },
    }),
  }),
  isFlag('peak_max', 'PeakMax', 'Whether the value is larger than both beside it.'),
  isFlag('peak_min', 'PeakMin', 'Whether the value is smaller than both beside it.'),
  window('is_last_distinct', {
    summary: 'Whether the value occurs here for the last time.',
    lineage: 'masking',
    type: always(BOOLEAN),
    rewrittenAs: 'is_first_distinct from the other end',
    lower: ({ receiver }) =>
      func([func([func([receiver], 'Reverse')], { Boolean: 'IsFirstDistinct' })], 'Reverse'),
  }),
  aggregate('is_sorted', {
    summary: 'Whether the values come in order.',
    lineage: 'masking',
    parameters: ORDER,
    type: always(BOOLEAN),
    lower: ({ receiver, flag: of }) =>
      func([receiver], {
        Boolean: { IsSorted: { descending: of('descending'), nulls_last: of('nulls_last') } },
      }),
  }),
  aggregate('is_empty', {
    summary: 'Whether there are no values.',
    lineage: 'masking',
    parameters: [keyword(flag('ignore_nulls', false))],
    type: always(BOOLEAN),
    lower: ({ receiver, flag: of }) =>
      func([receiver], { Boolean: { IsEmpty: { ignore_nulls: of('ignore_nulls') } } }),
  }),
  window('rle_id', {
    summary: 'Numbers the runs of equal values.',
    lineage: 'masking',
    type: always(UINT32),
    lower: apply('RLEID'),
  }),
  resize('rle', {
    summary: 'The runs of equal values: length and value.',
    type: from((type) => ({
      kind: 'struct',
      fields: [
        { name: 'len', type: UINT32 },
        { name: 'value', type },
      ],
    })),
    lower: apply('RLE'),
  }),
];
