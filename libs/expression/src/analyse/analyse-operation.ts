import { assert } from '@floe/errors';
import type { DataType } from '../data-type.ts';
import { formatDataType } from '../format-data-type.ts';
import { STRING, UINT32, UNKNOWN, isOpen as isOpenType, list } from '../types/kinds.ts';
import { settled, supertype, typed } from '../types/supertype.ts';
import { fittingTypes } from '../lower/fill-null.ts';
import { analyseConcat } from './analyse-concat.ts';
import type { Output } from './analyse-expression.ts';
import { analyseJoin } from './analyse-join.ts';
import { indirect, mergeEdges, stepped, type How } from './edges.ts';
import {
  reportDuplicates,
  requireColumn,
  type FrameColumn,
  type FrameState,
} from './frame-state.ts';
import type { OperationContext } from './operation-context.ts';
import { selectColumns } from './select-columns.ts';

/** What each frame method makes of the columns, and what the rows depend on after it. */
export function analyseOperation(context: OperationContext): FrameState {
  const rule = RULES[context.operation.method];
  assert(rule, `${context.operation.method} has a rule`);
  return rule(context);
}

const unchanged = ({ input }: OperationContext): FrameState => input;

const RULES: Readonly<Record<string, (context: OperationContext) => FrameState>> = {
  filter: analyseFilter,
  select: (context) => {
    const outputs = outputsIn(context, 'exprs');
    if (outputs === null) return opened({ ...context.input, columns: [] });
    reportRepeated(context, outputs);
    return { ...context.input, columns: outputs.map(toColumn) };
  },
  with_columns: (context) => {
    const outputs = outputsIn(context, 'exprs');
    if (outputs === null) return opened(context.input);
    reportRepeated(context, outputs);
    return { ...context.input, columns: overlay(context.input.columns, outputs.map(toColumn)) };
  },
  group_by: analyseGroup,
  join: analyseJoin,
  sort: (context) => ordered(context, 'by'),
  top_k: (context) => ordered(context, 'by'),
  bottom_k: (context) => ordered(context, 'by'),
  unique: (context) => dependingOn(context, 'subset', 'group'),
  drop_nulls: (context) => dependingOn(context, 'subset', 'filter'),
  head: unchanged,
  limit: unchanged,
  tail: unchanged,
  slice: unchanged,
  reverse: unchanged,
  rename: analyseRename,
  drop: ({ input, names, problems }) => {
    const dropped = new Set(
      (names('columns') ?? []).map((name) => requireColumn(input, name, problems)?.name),
    );
    return { ...input, columns: input.columns.filter(({ name }) => !dropped.has(name)) };
  },
  cast: analyseCast,
  explode: analyseExplode,
  unpivot: analyseUnpivot,
  with_row_index: (context) => {
    const { input, operation, problems, text } = context;
    const name = text('name') ?? 'index';
    const span = operation.nameSpan;
    reportDuplicates(
      [...input.columns, { name }].map((column) => ({ name: column.name, span })),
      problems,
    );
    return { ...input, columns: [{ name, type: UINT32, edges: [] }, ...input.columns] };
  },
  fill_null: analyseFillNull,
  concat: analyseConcat,
};

function opened(frame: FrameState): FrameState {
  return { ...frame, isOpen: true };
}

function outputsIn(
  { operation, input, outputsOf }: OperationContext,
  name: string,
): readonly Output[] | null {
  return outputsOf(operation.arguments[name], input);
}

function toColumn({ name, value, edges }: Output): FrameColumn {
  return { name, type: settled(value), edges };
}

/** Columns with those of the same name replaced in place, and new ones at the end. */
function overlay(
  columns: readonly FrameColumn[],
  added: readonly FrameColumn[],
): readonly FrameColumn[] {
  const byName = new Map(columns.map((column) => [column.name, column]));
  for (const column of added) byName.set(column.name, column);
  return [...byName.values()];
}

function reportRepeated(
  { operation, problems }: OperationContext,
  outputs: readonly Output[],
): void {
  const argument = operation.arguments['exprs'] ?? operation.arguments['aggs'];
  const items = argument?.kind === 'expressions' ? argument.items : [];
  // One expression can give several columns; then the place of the method has to do.
  const isAligned = items.length === outputs.length;
  reportDuplicates(
    outputs.map(({ name }, index) => ({
      name,
      span: (isAligned ? items[index]?.span : undefined) ?? operation.nameSpan,
    })),
    problems,
  );
}

function analyseFilter(context: OperationContext): FrameState {
  const { input, operation, problems } = context;
  const outputs = outputsIn(context, 'predicates');
  if (outputs === null) return input;
  for (const { value } of outputs) {
    if (value.type.kind === 'boolean' || isOpenType(value.type)) continue;
    const span = operation.arguments['predicates']?.span ?? operation.nameSpan;
    problems.add(
      span,
      `a filter needs a Boolean, this is ${formatDataType(value.type)}`,
      'compare with something, like `> 0`',
    );
  }
  return withDependencies(input, outputs, 'filter');
}

function withDependencies(
  frame: FrameState,
  on: readonly Pick<Output, 'edges'>[],
  how: How,
): FrameState {
  const added = on.map(({ edges }) => indirect(edges, how));
  return { ...frame, dependencies: mergeEdges(frame.dependencies, ...added) };
}

function ordered(context: OperationContext, name: string): FrameState {
  const outputs = outputsIn(context, name);
  if (outputs !== null) reportFlags(context, outputs.length);
  return outputs === null ? context.input : withDependencies(context.input, outputs, 'sort');
}

/** One flag counts for all keys; of several there must be one for each. */
function reportFlags({ operation, problems }: OperationContext, keys: number): void {
  for (const name of ['descending', 'nulls_last', 'reverse']) {
    const argument = operation.arguments[name];
    if (argument?.kind !== 'constants') continue;
    const count = argument.items.length;
    if (count === 1 || count === keys) continue;
    problems.add(argument.span, `\`${name}\` has ${count} members for ${keys} keys`);
  }
}

function dependingOn(
  { input, names, problems }: OperationContext,
  name: string,
  how: How,
): FrameState {
  const subset = names(name)?.map((each) => requireColumn(input, each, problems));
  const columns = subset?.filter((column) => column !== null) ?? input.columns;
  return withDependencies(input, columns, how);
}

function analyseGroup(context: OperationContext): FrameState {
  const { input, operation, outputsOf } = context;
  const keys = outputsIn(context, 'by');
  const hidden = new Set(keys?.map(({ name }) => name));
  const aggregations = outputsOf(operation.arguments['aggs'], input, hidden);
  if (keys === null || aggregations === null)
    return opened({ ...input, columns: (keys ?? []).map(toColumn) });
  reportRepeated(context, [...keys, ...aggregations]);
  const columns = [...keys.map(toColumn), ...aggregations.map(toAggregated)];
  return withDependencies({ ...input, columns }, keys, 'group');
}

/** What is not aggregated comes as a list of the group's values. */
function toAggregated(output: Output): FrameColumn {
  const column = toColumn(output);
  return output.isScalar ? column : { ...column, type: list(column.type) };
}

function analyseRename({ input, operation, problems }: OperationContext): FrameState {
  const mapping = operation.arguments['mapping'];
  const pairs = mapping?.kind === 'renames' ? mapping.pairs : [];
  const names = new Map<string, string>();
  let isOpen = input.isOpen;
  for (const [from, to] of pairs) {
    if (requireColumn(input, from, problems) === null) isOpen = true;
    else names.set(from.name, to.name);
  }
  const columns = input.columns.map((column) => ({
    ...column,
    name: names.get(column.name) ?? column.name,
  }));
  const span = mapping?.span ?? operation.nameSpan;
  reportDuplicates(
    columns.map(({ name }) => ({ name, span })),
    problems,
  );
  return { ...input, columns, isOpen };
}

function analyseCast({ input, operation, problems }: OperationContext): FrameState {
  const dtypes = operation.arguments['dtypes'];
  const types = new Map<string, DataType>();
  if (dtypes?.kind === 'types') {
    for (const [name, type] of dtypes.types) {
      if (requireColumn(input, name, problems) !== null) types.set(name.name, type);
    }
  }
  const all = dtypes?.kind === 'type' ? dtypes.type : undefined;
  const columns = input.columns.map((column) => {
    const type = types.get(column.name) ?? all;
    return type === undefined ? column : { ...transformed(column), type };
  });
  return { ...input, columns };
}

function transformed(column: FrameColumn): FrameColumn {
  const step = { lineage: 'transformation', isAggregate: false, role: 'value' } as const;
  return { ...column, edges: stepped(column.edges, step) };
}

function analyseExplode({ input, names, problems }: OperationContext): FrameState {
  const exploded = new Set<string>();
  for (const name of names('columns') ?? []) {
    const column = requireColumn(input, name, problems);
    if (column === null) continue;
    if (column.type.kind !== 'list' && !isOpenType(column.type)) {
      problems.add(
        name.span,
        `\`.explode\` needs a List column, not ${formatDataType(column.type)}`,
      );
    }
    exploded.add(column.name);
  }
  const columns = input.columns.map((column) => {
    if (!exploded.has(column.name)) return column;
    return {
      ...transformed(column),
      type: column.type.kind === 'list' ? column.type.inner : UNKNOWN,
    };
  });
  return { ...input, columns };
}

function analyseUnpivot({ input, names, problems, text }: OperationContext): FrameState {
  const find = (name: string): readonly FrameColumn[] =>
    (names(name) ?? [])
      .map((each) => requireColumn(input, each, problems))
      .filter((column) => column !== null);
  const index = find('index');
  const on = find('on');
  const type = on
    .map((column) => column.type)
    .reduce<DataType | null>(
      (met, each) => (met === null ? each : (supertype(typed(met), typed(each)) ?? UNKNOWN)),
      null,
    );
  const edges = mergeEdges(...on.map((column) => transformed(column).edges));
  const variable: FrameColumn = {
    name: text('variable_name') ?? 'variable',
    type: STRING,
    edges: [],
  };
  const value: FrameColumn = { name: text('value_name') ?? 'value', type: type ?? UNKNOWN, edges };
  return { ...input, columns: [...index, variable, value] };
}

function analyseFillNull(context: OperationContext): FrameState {
  const { input, operation, problems } = context;
  if (!operation.arguments['value'] && context.literal('strategy')?.kind === 'null') {
    problems.add(operation.nameSpan, '`.fill_null` needs a value or a strategy');
  }
  const [value] = outputsIn(context, 'value') ?? [];
  const argument = operation.arguments['value'];
  const item = argument?.kind === 'expressions' ? argument.items[0] : undefined;
  const types = item?.kind === 'literal' ? fittingTypes(item.literal) : null;
  const filled =
    types === null ? input.columns : selectColumns({ kind: 'types', types }, input.columns);
  const names = new Set(filled.map(({ name }) => name));
  const columns = input.columns.map((column) => {
    if (!names.has(column.name)) return column;
    const type =
      value === undefined ? column.type : (supertype(typed(column.type), value.value) ?? UNKNOWN);
    return { ...transformed(column), type };
  });
  return { ...input, columns };
}
