import { assert } from '@floe/errors';
import type { DataType } from '../data-type.ts';
import { formatDataType } from '../format-data-type.ts';
import { UINT32, UNKNOWN, isOpen as isOpenType } from '../types/kinds.ts';
import { supertype, typed } from '../types/supertype.ts';
import { fittingTypes } from '../lower/fill-null.ts';
import { analyseConcat } from './analyse-concat.ts';
import {
  analyseDynamicGroup,
  analyseGroup,
  analyseGroupRows,
  analyseRollingGroup,
} from './analyse-group.ts';
import { analyseJoin } from './analyse-join.ts';
import { analyseJoinAsof, analyseJoinWhere } from './analyse-near-join.ts';
import { analyseUnnest, analyseUnpivot } from './analyse-unnest.ts';
import {
  opened,
  outputsIn,
  reportRepeated,
  toColumn,
  withDependencies,
} from './operation-results.ts';
import { stepped, type How } from './edges.ts';
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
  join_where: analyseJoinWhere,
  join_asof: analyseJoinAsof,
  group_by_dynamic: analyseDynamicGroup,
  rolling: analyseRollingGroup,
  group_rows: analyseGroupRows,
  unnest: analyseUnnest,
  sort: (context) => ordered(context, 'by'),
  top_k: (context) => ordered(context, 'by'),
  bottom_k: (context) => ordered(context, 'by'),
  unique: (context) => dependingOn(context, 'subset', 'group'),
  drop_nulls: (context) => {
    const chosen = context.operation.arguments['subset'] && outputsIn(context, 'subset');
    return withDependencies(context.input, chosen ?? context.input.columns, 'filter');
  },
  head: unchanged,
  limit: unchanged,
  tail: unchanged,
  slice: unchanged,
  reverse: unchanged,
  rename: analyseRename,
  drop: analyseDrop,
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

/** Columns with those of the same name replaced in place, and new ones at the end. */
function overlay(
  columns: readonly FrameColumn[],
  added: readonly FrameColumn[],
): readonly FrameColumn[] {
  const byName = new Map(columns.map((column) => [column.name, column]));
  for (const column of added) byName.set(column.name, column);
  return [...byName.values()];
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

function analyseDrop(context: OperationContext): FrameState {
  const { input, operation, problems, flag } = context;
  const argument = operation.arguments['columns'];
  const items = argument?.kind === 'expressions' ? argument.items : [];
  const isStrict = flag('strict') !== false;
  const dropped = new Set<string>();
  for (const item of items) {
    if (item.kind !== 'columns') continue;
    const { selector } = item;
    if (selector.kind === 'names' && !selector.isLenient && isStrict) {
      for (const name of selector.names) requireColumn(input, name, problems);
    }
    for (const { name } of selectColumns(selector, input.columns)) dropped.add(name);
  }
  return { ...input, columns: input.columns.filter(({ name }) => !dropped.has(name)) };
}
