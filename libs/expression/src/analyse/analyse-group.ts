import type { DataType } from '../data-type.ts';
import { formatDataType } from '../format-data-type.ts';
import { isInteger, isOpen, list, UNKNOWN } from '../types/kinds.ts';
import type { Output } from './expression-context.ts';
import { requireColumn, type FrameColumn, type FrameState } from './frame-state.ts';
import type { OperationContext } from './operation-context.ts';
import {
  opened,
  outputsIn,
  reportRepeated,
  toColumn,
  withDependencies,
} from './operation-results.ts';

/** Grouping: keys first, then what is aggregated. */
export function analyseGroup(context: OperationContext): FrameState {
  const { input, operation, outputsOf } = context;
  const keys = outputsIn(context, 'by');
  const hidden = new Set(keys?.map(({ name }) => name));
  const aggregations = outputsOf(operation.arguments['aggs'], input, hidden);
  if (keys === null || aggregations === null)
    return opened({ ...input, columns: (keys ?? []).map(toColumn) });
  reportRepeated(context, [...keys, ...aggregations]);
  const columns = [...keys.map(toColumn), ...aggregations.map(toAggregated)];
  const grouped = withDependencies({ ...input, columns }, keys, 'group');
  return withHaving(context, grouped, hidden);
}

/** What is not aggregated comes as a list of the group's values. */
function toAggregated(output: Output): FrameColumn {
  const column = toColumn(output);
  return output.isScalar ? column : { ...column, type: list(column.type) };
}

/** Conditions on groups: each must be one Boolean for each group. */
function withHaving(
  { input, operation, outputsOf, problems }: OperationContext,
  grouped: FrameState,
  hidden: ReadonlySet<string>,
): FrameState {
  const argument = operation.arguments['having'];
  if (argument === undefined) return grouped;
  const outputs = outputsOf(argument, input, hidden) ?? [];
  for (const { value, isScalar } of outputs) {
    const isFine = isScalar && (value.type.kind === 'boolean' || isOpen(value.type));
    if (!isFine)
      problems.add(
        argument.span,
        '`having` needs one Boolean for each group',
        'compare an aggregation, like pl.len() > 1',
      );
  }
  return withDependencies(grouped, outputs, 'filter');
}

export function analyseDynamicGroup(context: OperationContext): FrameState {
  const index = indexOf(context);
  const boundaries =
    context.flag('include_boundaries') === true ? ['_lower_boundary', '_upper_boundary'] : [];
  const bounds = boundaries.map((name) => ({
    name,
    type: index?.type ?? UNKNOWN,
    edges: index?.edges ?? [],
  }));
  return windows(context, index, bounds);
}

export function analyseRollingGroup(context: OperationContext): FrameState {
  return windows(context, indexOf(context), []);
}

function indexOf({ input, names, problems }: OperationContext): FrameColumn | null {
  const [name] = names('index_column') ?? [];
  const column = name === undefined ? null : requireColumn(input, name, problems);
  if (column === null || name === undefined) return null;
  if (isOpen(column.type) || isIndex(column.type)) return column;
  problems.add(
    name.span,
    `an index is a Date, Datetime or integer column, not ${formatDataType(column.type)}`,
  );
  return null;
}

function isIndex(type: DataType): boolean {
  return type.kind === 'date' || type.kind === 'datetime' || isInteger(type);
}

/** Keys, what the windows add, the index, and the aggregations. */
function windows(
  context: OperationContext,
  index: FrameColumn | null,
  added: readonly FrameColumn[],
): FrameState {
  const { input, operation, outputsOf, names, problems } = context;
  const keys = (names('group_by') ?? []).map((name) => requireColumn(input, name, problems));
  const known = keys.filter((key) => key !== null);
  const hidden = new Set([...known.map(({ name }) => name), ...(index ? [index.name] : [])]);
  const aggregations = outputsOf(operation.arguments['aggs'], input, hidden);
  if (index === null || known.length < keys.length || aggregations === null)
    return opened({ ...input, columns: known });
  const columns = [...known, ...added, index, ...aggregations.map(toAggregated)];
  const grouped = withDependencies({ ...input, columns }, known, 'group');
  return withHaving(context, withDependencies(grouped, [index], 'window'), hidden);
}

/** The first or last rows of groups: the keys first, the rest in order. */
export function analyseGroupRows(context: OperationContext): FrameState {
  const { input } = context;
  const keys = outputsIn(context, 'by');
  if (keys === null) return opened(input);
  const names = new Set(keys.map(({ name }) => name));
  const rest = input.columns.filter(({ name }) => !names.has(name));
  return withDependencies({ ...input, columns: [...keys.map(toColumn), ...rest] }, keys, 'group');
}
