import type { DataType } from '../data-type.ts';
import { formatDataType } from '../format-data-type.ts';
import { isInteger, isFloat, isOpen, isTemporal } from '../types/kinds.ts';
import { mergeEdges, indirect } from './edges.ts';
import {
  reportDuplicates,
  requireColumn,
  type FrameColumn,
  type FrameState,
} from './frame-state.ts';
import type { OperationContext } from './operation-context.ts';
import { opened, withDependencies } from './operation-results.ts';

/** Joins without equal keys: by predicates, and by the nearest key. */

/** All columns of both, those of the right with a suffix where the name is taken. */
function besides(
  { input, operation, problems, text }: OperationContext,
  right: readonly FrameColumn[],
): readonly FrameColumn[] {
  const suffix = text('suffix') ?? '_right';
  const names = new Set(input.columns.map(({ name }) => name));
  const added = right.map((column) =>
    names.has(column.name) ? { ...column, name: `${column.name}${suffix}` } : column,
  );
  const columns = [...input.columns, ...added];
  const span = operation.nameSpan;
  reportDuplicates(
    columns.map(({ name }) => ({ name, span })),
    problems,
  );
  return columns;
}

function together({ input }: OperationContext, other: FrameState): FrameState {
  return {
    columns: input.columns,
    dependencies: mergeEdges(input.dependencies, other.dependencies),
    inputs: [...new Set([...input.inputs, ...other.inputs])],
    isOpen: input.isOpen || other.isOpen,
  };
}

export function analyseJoinWhere(context: OperationContext): FrameState {
  const { operation, outputsOf, problems, input } = context;
  const [other = input] = context.frames('other');
  const joined = { ...together(context, other), columns: besides(context, other.columns) };
  const predicates = outputsOf(operation.arguments['predicates'], joined);
  if (predicates === null) return opened(joined);
  for (const { value } of predicates) {
    if (value.type.kind === 'boolean' || isOpen(value.type)) continue;
    problems.add(
      operation.arguments['predicates']?.span ?? operation.nameSpan,
      `a predicate is a Boolean, this is ${formatDataType(value.type)}`,
      'compare columns of both frames; those of the other have the suffix where the name is taken',
    );
  }
  return withDependencies(joined, predicates, 'join');
}

export function analyseJoinAsof(context: OperationContext): FrameState {
  const { input, operation, problems, names, flag } = context;
  const [other = input] = context.frames('other');
  const on = names('on');
  const [leftNames, rightNames] = [on ?? names('left_on'), on ?? names('right_on')];
  const joined = together(context, other);
  if (!leftNames || !rightNames) {
    problems.add(
      operation.nameSpan,
      '`.join_asof` needs its keys',
      'give on="time", or both left_on and right_on',
    );
    return opened(joined);
  }
  const keys = pairOf(context, other, [leftNames, rightNames]);
  const groups = groupKeys(context, other);
  if (keys === null || groups === null) return opened(joined);
  // The key of the right goes only where it has the name of the left one.
  const isCoalesced = flag('coalesce') !== false && keys.left.name === keys.right.name;
  const gone = new Set([
    ...(isCoalesced ? [keys.right.name] : []),
    ...groups.right.map(({ name }) => name),
  ]);
  const columns = besides(
    context,
    other.columns.filter(({ name }) => !gone.has(name)),
  );
  const all = [keys.left, keys.right, ...groups.left, ...groups.right];
  const edges = all.map((column) => indirect(column.edges, 'join'));
  return { ...joined, columns, dependencies: mergeEdges(joined.dependencies, ...edges) };
}

type Names = NonNullable<ReturnType<OperationContext['names']>>;
type Pair = { readonly left: FrameColumn; readonly right: FrameColumn };

function pairOf(
  { input, problems }: OperationContext,
  other: FrameState,
  [leftNames, rightNames]: readonly [Names, Names],
): Pair | null {
  const [leftName, rightName] = [leftNames[0], rightNames[0]];
  if (leftName === undefined || rightName === undefined) return null;
  const left = requireColumn(input, leftName, problems);
  const right = requireColumn(other, rightName, problems);
  if (left === null || right === null) return null;
  if (areNear(left.type, right.type)) return { left, right };
  problems.add(
    leftName.span,
    `the keys cannot be near each other: ${formatDataType(left.type)} and ${formatDataType(right.type)}`,
    'both are numbers, or both are dates or points in time of one kind',
  );
  return null;
}

function areNear(a: DataType, b: DataType): boolean {
  if (isOpen(a) || isOpen(b)) return true;
  const isNumber = (type: DataType): boolean => isInteger(type) || isFloat(type);
  if (isNumber(a) && isNumber(b)) return true;
  return isTemporal(a) && a.kind === b.kind;
}

type Groups = { readonly left: readonly FrameColumn[]; readonly right: readonly FrameColumn[] };

function groupKeys(context: OperationContext, other: FrameState): Groups | null {
  const { input, names, problems, operation } = context;
  const by = names('by');
  const [leftNames, rightNames] = [by ?? names('by_left') ?? [], by ?? names('by_right') ?? []];
  if (leftNames.length !== rightNames.length) {
    problems.add(operation.nameSpan, 'by_left and by_right name different numbers of columns');
    return null;
  }
  const left = leftNames.map((name) => requireColumn(input, name, problems));
  const right = rightNames.map((name) => requireColumn(other, name, problems));
  if (left.includes(null) || right.includes(null)) return null;
  return {
    left: left.filter((column) => column !== null),
    right: right.filter((column) => column !== null),
  };
}
