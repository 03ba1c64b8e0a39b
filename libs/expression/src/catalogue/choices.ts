import type { Json } from '../json.ts';
import { binary, func, integerLiteral, slice, sortOptions } from '../lower/shapes.ts';
import { UINT32 } from '../types/kinds.ts';
import {
  column,
  columns,
  flag,
  integer,
  keyword,
  many,
  nullable,
  optional,
  value,
} from './parameters.ts';
import { aggregate, apply, elementwise, type Row } from './rows.ts';
import type { Entry } from './signature.ts';
import { always, common, from, same } from './type-rules.ts';

/** Choosing values by place, order or chance. */
const window = (name: string, row: Row): Entry => elementwise(name, { shape: 'window', ...row });
const resize = (name: string, row: Row): Entry => elementwise(name, { shape: 'resize', ...row });

const gather = (expr: Json, idx: Json, [isOne, nullOnOob]: readonly [boolean, boolean]): Json => ({
  Gather: { expr, idx, returns_scalar: isOne, null_on_oob: nullOnOob },
});

/** The k values at one end of an order; nulls come in only when there is nothing else. */
const extremes = (name: string, isLargest: boolean): Entry =>
  resize(name, {
    summary: isLargest
      ? 'The k largest values, largest first.'
      : 'The k smallest values, smallest first.',
    parameters: [integer('k', 5)],
    type: same,
    rewrittenAs: 'a sort and its first values: they come in order, which Polars does not promise',
    lower: ({ receiver, integer: of }) =>
      slice(
        { Sort: { expr: receiver, options: sortOptions(isLargest, true) } },
        integerLiteral(0),
        integerLiteral(of('k')),
      ),
  });

const extremesBy = (name: string, isLargest: boolean): Entry =>
  resize(name, {
    summary: `The k values at which other expressions are ${isLargest ? 'largest' : 'smallest'}.`,
    parameters: [
      { ...many(column('by', 'sort')) },
      integer('k', 5),
      keyword(many(flag('reverse', false))),
    ],
    type: same,
    rewrittenAs: 'a sort and its first values: they come in order, which Polars does not promise',
    lower: ({ receiver, expressions, flags, integer: of }) => {
      const by = expressions('by');
      const descending = flags('reverse', by.length).map((isReversed) => isReversed !== isLargest);
      const nullsLast = by.map(() => true);
      const sorted = {
        SortBy: { expr: receiver, by, sort_options: sortOptions(descending, nullsLast) },
      };
      return slice(sorted, integerLiteral(0), integerLiteral(of('k')));
    },
  });

const best = (name: string, polars: string, summary: string): Entry =>
  aggregate(name, {
    summary,
    parameters: [column('by', 'sort')],
    type: same,
    lower: apply(polars),
  });

export const CHOICES: readonly Entry[] = [
  resize('gather', {
    summary: 'The values at the given places.',
    parameters: [{ name: 'indices', accepts: 'rows' }, keyword(flag('null_on_oob', false))],
    type: same,
    lower: ({ receiver, expression, flag: of }) =>
      gather(receiver, expression('indices'), [false, of('null_on_oob')]),
  }),
  aggregate('get', {
    summary: 'The value at one place.',
    lineage: 'transformation',
    parameters: [value('index'), keyword(flag('null_on_oob', false))],
    type: same,
    lower: ({ receiver, expression, flag: of }) =>
      gather(receiver, expression('index'), [true, of('null_on_oob')]),
  }),
  aggregate('item', {
    summary: 'The only value; fails when there are more.',
    parameters: [keyword(flag('allow_empty', false))],
    type: same,
    lower: ({ receiver, flag: of }) => ({
      Agg: { Item: { input: receiver, allow_empty: of('allow_empty') } },
    }),
  }),
  resize('gather_every', {
    summary: 'Every n-th value.',
    parameters: [integer('n'), integer('offset', 0)],
    type: same,
    lower: ({ receiver, integer: of }) =>
      func([receiver], { GatherEvery: { n: of('n'), offset: of('offset') } }),
  }),
  resize('limit', {
    summary: 'The first values.',
    parameters: [integer('n', 10)],
    type: same,
    lower: ({ receiver, integer: of }) =>
      slice(receiver, integerLiteral(0), integerLiteral(of('n'))),
  }),
  extremes('top_k', true),
  extremes('bottom_k', false),
  extremesBy('top_k_by', true),
  extremesBy('bottom_k_by', false),
  best('max_by', 'MaxBy', 'The value at which another expression is largest.'),
  best('min_by', 'MinBy', 'The value at which another expression is smallest.'),
  resize('mode', {
    summary: 'The values that occur most often.',
    parameters: [keyword(flag('maintain_order', false))],
    type: same,
    lower: ({ receiver, flag: of }) =>
      func([receiver], { Mode: { maintain_order: of('maintain_order') } }),
  }),
  resize('sample', {
    summary:
      'Values chosen by chance: `n` of them, or a fraction. The same every time only with a seed.',
    parameters: [
      optional(value('n')),
      optional(keyword(value('fraction'))),
      keyword(flag('with_replacement', false)),
      keyword(nullable(flag('shuffle', false))),
      keyword(nullable(integer('seed'))),
    ],
    type: same,
    lower: ({ receiver, has, expression, flag: of, isNull, integer: whole }) => {
      const amount = has('fraction')
        ? expression('fraction')
        : has('n')
          ? expression('n')
          : integerLiteral(1);
      const method: Json = {
        Sample: {
          is_fraction: has('fraction'),
          with_replacement: of('with_replacement'),
          shuffle: isNull('shuffle') ? null : of('shuffle'),
        },
      };
      return func([receiver, amount], {
        Random: { method, seed: isNull('seed') ? null : whole('seed') },
      });
    },
  }),
  window('shuffle', {
    summary: 'Values in an order of chance. The same every time only with a seed.',
    parameters: [nullable(integer('seed'))],
    type: same,
    lower: ({ receiver, isNull, integer: of }) =>
      func([receiver], { Random: { method: 'Shuffle', seed: isNull('seed') ? null : of('seed') } }),
  }),
  resize('append', {
    summary: 'The values of another expression after these.',
    parameters: [column('other'), keyword(flag('upcast', true))],
    type: common(),
    lower: ({ operands, flag: of }) => func(operands, { Append: { upcast: of('upcast') } }),
  }),
  resize('extend_constant', {
    summary: 'One value repeated after these.',
    parameters: [value('value'), value('n')],
    type: same,
    lower: apply('ExtendConstant'),
  }),
  resize('unique_counts', {
    summary: 'How often each different value occurs, in order of appearance.',
    lineage: 'masking',
    type: always(UINT32),
    lower: apply('UniqueCounts'),
  }),
  resize('flatten', {
    summary: 'Members of lists, one in a row.',
    type: from((type) => (type.kind === 'list' || type.kind === 'array' ? type.inner : type)),
    lower: ({ receiver }) => ({
      Explode: { input: receiver, options: { empty_as_null: true, keep_nulls: true } },
    }),
  }),
  resize('where', {
    summary: 'The same as filter.',
    parameters: [columns('predicates', 'filter')],
    type: same,
    lower: ({ receiver, expressions }) => ({
      Filter: {
        input: receiver,
        by: expressions('predicates').reduce((left, right) => binary(left, 'And', right)),
      },
    }),
  }),
];
