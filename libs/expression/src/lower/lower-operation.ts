import { assert } from '@floe/errors';
import type { ConcatKind, UniqueKeep } from '../frame-plan.ts';
import { writeJson, type Json } from '../json.ts';
import type { Expression } from '../program.ts';
import { dataTypeJson } from './data-type-json.ts';
import { fittingTypes } from './fill-null.ts';
import { expressionsOf } from './lower-expression.ts';
import { lowerDynamicGroup, lowerGroup, lowerGroupRows, lowerRollingGroup } from './lower-group.ts';
import { lowerJoin, lowerJoinAsof, lowerJoinWhere } from './lower-join.ts';
import { selectorJson } from './lower-selector.ts';
import { contextOf, type Context, type OperationToLower } from './operation-context.ts';
import { ALL_ROWS, oneOf, rows } from './bounds.ts';
import { cast, func } from './shapes.ts';

export function lowerOperation(operation: OperationToLower): number {
  const lower = LOWERINGS[operation.frame.method];
  assert(lower, `${operation.frame.method} has a lowering`);
  return lower(contextOf(operation));
}

const LOWERINGS: Readonly<Record<string, (context: Context) => number>> = {
  filter: ({ input, add, expressions }) =>
    expressions('predicates').reduce<number>(
      (from, predicate) => add({ op: 'filter', input: from, predicate: writeJson(predicate) }),
      input,
    ),
  select: ({ input, add, expressions }) =>
    add({ op: 'select', input, expressions: expressions('exprs').map(writeJson) }),
  with_columns: ({ input, add, expressions }) => withColumns(add, input, expressions('exprs')),
  group_by: lowerGroup,
  group_by_dynamic: lowerDynamicGroup,
  rolling: lowerRollingGroup,
  group_rows: lowerGroupRows,
  join_where: lowerJoinWhere,
  join_asof: lowerJoinAsof,
  unnest: ({ input, add, names }) => add({ op: 'unnest', input, columns: names('columns') ?? [] }),
  join: lowerJoin,
  sort: ({ input, add, expressions, flags, flag }) => {
    const by = expressions('by').map(writeJson);
    return add({
      op: 'sort',
      input,
      by,
      descending: flags('descending', by.length),
      nullsLast: flags('nulls_last', by.length),
      maintainOrder: flag('maintain_order'),
    });
  },
  top_k: lowerTop,
  bottom_k: lowerTop,
  unique: ({ input, add, names, text, flag }) =>
    add({
      op: 'unique',
      input,
      subset: names('subset'),
      keep: oneOf<UniqueKeep>('keep', text('keep'), ['any', 'none', 'first', 'last']),
      maintainOrder: flag('maintain_order'),
    }),
  head: lowerHead,
  limit: lowerHead,
  tail: ({ input, add, integer }) => add({ op: 'tail', input, length: rows('n', integer('n')) }),
  slice: ({ input, add, integer, integerOrNull }) => {
    const length = integerOrNull('length');
    return add({
      op: 'slice',
      input,
      offset: integer('offset'),
      length: length === null ? ALL_ROWS : rows('length', length),
    });
  },
  reverse: ({ input, add }) => add({ op: 'reverse', input }),
  rename: ({ input, add, argument }) => {
    const mapping = argument('mapping');
    const pairs = mapping?.kind === 'renames' ? mapping.pairs : [];
    return add({
      op: 'rename',
      input,
      names: pairs.map(([from, to]) => [from.name, to.name] as const),
    });
  },
  drop: lowerDrop,
  cast: ({ input, add, argument, flag }) => {
    const dtypes = argument('dtypes');
    const isStrict = flag('strict');
    if (dtypes?.kind === 'type') {
      return withColumns(add, input, [cast({ Selector: 'Wildcard' }, dtypes.type, isStrict)]);
    }
    const pairs = dtypes?.kind === 'types' ? dtypes.types : [];
    return withColumns(
      add,
      input,
      pairs.map(([name, type]) => cast({ Column: name.name }, type, isStrict)),
    );
  },
  explode: ({ input, add, names }) =>
    add({ op: 'explode', input, columns: names('columns') ?? [] }),
  unpivot: ({ input, add, names, textOrNull }) =>
    add({
      op: 'unpivot',
      input,
      index: names('index') ?? [],
      on: names('on'),
      variableName: textOrNull('variable_name') ?? 'variable',
      valueName: textOrNull('value_name') ?? 'value',
    }),
  with_row_index: ({ input, add, text, integer }) =>
    add({
      op: 'with_row_index',
      input,
      name: text('name'),
      offset: rows('offset', integer('offset')),
    }),
  fill_null: lowerFillNull,
  drop_nulls: lowerDropNulls,
  concat: ({ add, frames, text }) => {
    const inputs = frames('items');
    const how = oneOf<ConcatKind>('how', text('how'), [
      'vertical',
      'vertical_relaxed',
      'diagonal',
      'diagonal_relaxed',
      'horizontal',
    ]);
    return add({ op: 'concat', inputs, how });
  },
};

function withColumns(add: Context['add'], input: number, expressions: readonly Json[]): number {
  return add({ op: 'with_columns', input, expressions: expressions.map(writeJson) });
}

/** The names of a choice of columns, when it is made by names alone. */
function plainNames(chosen: readonly Expression[]): readonly string[] | null {
  const names: string[] = [];
  for (const each of chosen) {
    const isNames = each.kind === 'columns' && each.selector.kind === 'names';
    if (!isNames || each.selector.kind !== 'names' || each.selector.isLenient) return null;
    names.push(...each.selector.names.map(({ name }) => name));
  }
  return names;
}

function lowerDrop({ input, add, argument, flag }: Context): number {
  const chosen = expressionsOf(argument('columns'));
  const names = plainNames(chosen);
  if (names !== null && flag('strict')) return add({ op: 'drop', input, columns: names });
  const rest = chosen.reduce<Json>((left, each) => {
    assert(each.kind === 'columns', 'a choice chooses columns');
    const { selector } = each;
    const isLenient = selector.kind === 'names' && !flag('strict');
    const right = selectorJson(isLenient ? { ...selector, isLenient } : selector);
    return { Difference: [left, right] };
  }, 'Wildcard');
  return add({ op: 'select', input, expressions: [writeJson({ Selector: rest })] });
}

function lowerDropNulls({ input, add, argument, has, expressions }: Context): number {
  const names = has('subset') ? plainNames(expressionsOf(argument('subset'))) : null;
  if (names !== null || !has('subset')) return add({ op: 'drop_nulls', input, subset: names });
  const tests = expressions('subset').map((each) => func([each], { Boolean: 'IsNotNull' }));
  const all = func(tests, { Boolean: 'AllHorizontal' });
  return add({ op: 'filter', input, predicate: writeJson(all) });
}

function lowerHead({ input, add, integer }: Context): number {
  return add({ op: 'slice', input, offset: 0, length: rows('n', integer('n')) });
}

/** Polars for Node.js has no top_k; a sort followed by a slice is what it stands for. Nulls never come first. */
function lowerTop(context: Context): number {
  const { input, add, expressions, flags, integer, method } = context;
  const by = expressions('by').map(writeJson);
  const isLargest = method === 'top_k';
  const descending = flags('reverse', by.length).map((isReversed) => isLargest !== isReversed);
  const sorted = add({
    op: 'sort',
    input,
    by,
    descending,
    nullsLast: by.map(() => true),
    maintainOrder: false,
  });
  return add({ op: 'slice', input: sorted, offset: 0, length: rows('k', integer('k')) });
}

/** A value fills the columns whose type it fits, as in py-polars: a number fills numbers, text fills text. */
function lowerFillNull({
  input,
  add,
  argument,
  has,
  expressions,
  textOrNull,
  integerOrNull,
}: Context): number {
  const strategy = textOrNull('strategy');
  const all: Json = { Selector: 'Wildcard' };
  if (!has('value'))
    return withColumns(add, input, [
      fillByStrategy(all, strategy ?? 'forward', integerOrNull('limit')),
    ]);
  const [value] = expressionsOf(argument('value'));
  const [lowered = null] = expressions('value');
  const types = value?.kind === 'literal' ? fittingTypes(value.literal) : null;
  const target: Json =
    types === null ? all : { Selector: { ByDType: { AnyOf: types.map(dataTypeJson) } } };
  return withColumns(add, input, [func([target, lowered], 'FillNull')]);
}

function fillByStrategy(target: Json, strategy: string, limit: number | null): Json {
  const name = strategy.charAt(0).toUpperCase() + strategy.slice(1);
  const isDirected = strategy === 'forward' || strategy === 'backward';
  return func([target], { FillNullWithStrategy: isDirected ? { [name]: limit } : name });
}
