import { FloeError, assert } from '@floe/errors';
import type { ConcatKind, FrameNode, JoinKind, UniqueKeep } from '../frame-plan.ts';
import { writeJson, type Json } from '../json.ts';
import type { Argument, Expression, Frame, Literal } from '../program.ts';
import { dataTypeJson } from './data-type-json.ts';
import { fittingTypes } from './fill-null.ts';
import {
  constantItems,
  expressionsOf,
  flagOf,
  integerOf,
  lowerExpression,
  repeatFlags,
  resolveConstant,
  textOf,
  type Resolve,
} from './lower-expression.ts';
import { cast, func } from './shapes.ts';

type Operation = Extract<Frame, { kind: 'operation' }>;

export type OperationToLower = {
  readonly frame: Operation;
  readonly input: number | null;
  readonly add: (node: FrameNode) => number;
  readonly lowerFrame: (frame: Frame) => number;
  readonly resolve: Resolve;
};

/** What the lowerings of single methods see of an operation. */
type Context = {
  readonly input: number;
  readonly method: string;
  readonly add: (node: FrameNode) => number;
  readonly argument: (name: string) => Argument | undefined;
  readonly has: (name: string) => boolean;
  readonly expressions: (name: string) => readonly Json[];
  readonly names: (name: string) => readonly string[] | null;
  readonly frames: (name: string) => readonly number[];
  readonly flag: (name: string) => boolean;
  readonly flags: (name: string, count: number) => readonly boolean[];
  readonly text: (name: string) => string;
  readonly textOrNull: (name: string) => string | null;
  readonly flagOrNull: (name: string) => boolean | null;
  readonly integer: (name: string) => number;
  readonly integerOrNull: (name: string) => number | null;
};

/** The largest number of rows that Polars' slices take. */
const ALL_ROWS = 4_294_967_295;

export function lowerOperation(operation: OperationToLower): number {
  const lower = LOWERINGS[operation.frame.method];
  assert(lower, `${operation.frame.method} has a lowering`);
  return lower(contextOf(operation));
}

function contextOf({ frame, input, add, lowerFrame, resolve }: OperationToLower): Context {
  const argument = (name: string): Argument | undefined => frame.arguments[name];
  const one = (name: string, wanted: Literal['kind']): Literal => {
    const [constant] = constantItems(argument(name));
    return constant === undefined ? { kind: 'null' } : resolveConstant(constant, wanted, resolve);
  };
  const lowerAll = (items: readonly Expression[]): readonly Json[] =>
    items.map((item) => lowerExpression(item, resolve));
  const isNull = (name: string): boolean => one(name, 'null').kind === 'null';
  const text = (name: string): string => textOf(name, one(name, 'string'));
  const flag = (name: string): boolean => flagOf(name, one(name, 'boolean'));
  const integer = (name: string): number => Number(integerOf(name, one(name, 'integer')));
  return {
    input: input ?? 0,
    method: frame.method,
    add,
    argument,
    has: (name) => argument(name) !== undefined,
    expressions: (name) => lowerAll(expressionsOf(argument(name))),
    names: (name) => namesOf(argument(name)),
    frames: (name) => framesOf(argument(name)).map(lowerFrame),
    flag,
    flags: (name, count) => {
      const given = constantItems(argument(name)).map((each) =>
        flagOf(name, resolveConstant(each, 'boolean', resolve)),
      );
      return repeatFlags(given, count);
    },
    text,
    textOrNull: (name) => (isNull(name) ? null : text(name)),
    flagOrNull: (name) => (isNull(name) ? null : flag(name)),
    integer,
    integerOrNull: (name) => (isNull(name) ? null : integer(name)),
  };
}

function namesOf(argument: Argument | undefined): readonly string[] | null {
  return argument?.kind === 'names' ? argument.names.map(({ name }) => name) : null;
}

function framesOf(argument: Argument | undefined): readonly Frame[] {
  return argument?.kind === 'frames' ? argument.items : [];
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
  group_by: ({ input, add, expressions, flag }) =>
    add({
      op: 'group_by',
      input,
      keys: expressions('by').map(writeJson),
      aggregations: expressions('aggs').map(writeJson),
      maintainOrder: flag('maintain_order'),
    }),
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
  drop: ({ input, add, names }) => add({ op: 'drop', input, columns: names('columns') ?? [] }),
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
      on: names('on') ?? [],
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
  drop_nulls: ({ input, add, names }) => add({ op: 'drop_nulls', input, subset: names('subset') }),
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

function lowerHead({ input, add, integer }: Context): number {
  return add({ op: 'slice', input, offset: 0, length: rows('n', integer('n')) });
}

function rows(name: string, count: number): number {
  if (count >= 0 && count <= ALL_ROWS) return count;
  throw new FloeError('PARAMETER_INVALID', `\`${name}\` must lie between 0 and ${ALL_ROWS}`);
}

function oneOf<Choice extends string>(
  name: string,
  value: string,
  choices: readonly Choice[],
): Choice {
  const found = choices.find((choice) => choice === value);
  if (found !== undefined) return found;
  throw new FloeError('PARAMETER_INVALID', `\`${name}\` is one of ${choices.join(', ')}`);
}

const JOIN_KINDS: readonly JoinKind[] = ['inner', 'left', 'right', 'full', 'semi', 'anti', 'cross'];
const ROW_ORDERS = ['none', 'left', 'right', 'left_right', 'right_left'] as const;

function lowerJoin(context: Context): number {
  const { input, add, expressions, frames, text, textOrNull, flag, flagOrNull } = context;
  const [right] = frames('other');
  assert(right !== undefined, 'a join has another frame');
  const on = expressions('on').map(writeJson);
  const how = text('how') === 'outer' ? 'full' : text('how');
  const order = textOrNull('maintain_order');
  return add({
    op: 'join',
    left: input,
    right,
    how: oneOf('how', how, JOIN_KINDS),
    leftOn: on.length > 0 ? on : expressions('left_on').map(writeJson),
    rightOn: on.length > 0 ? on : expressions('right_on').map(writeJson),
    suffix: text('suffix'),
    coalesce: flagOrNull('coalesce'),
    nullsEqual: flag('nulls_equal'),
    maintainOrder: order === null ? null : oneOf('maintain_order', order, ROW_ORDERS),
  });
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
