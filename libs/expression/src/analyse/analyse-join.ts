import type { Span } from '../problems.ts';
import type { Argument } from '../program.ts';
import { formatDataType } from '../format-data-type.ts';
import { comparison } from '../types/operators.ts';
import type { Output } from './expression-context.ts';
import { indirect, mergeEdges, type Edge } from './edges.ts';
import { reportDuplicates, type FrameColumn, type FrameState } from './frame-state.ts';
import type { OperationContext } from './operation-context.ts';

type Side = { readonly frame: FrameState; readonly keys: readonly Output[] };

/** The columns of a join: which keys come once, which twice, and which names get the suffix. */
export function analyseJoin(context: OperationContext): FrameState {
  const { input, operation, problems } = context;
  const [other = input] = context.frames('other');
  const how = context.text('how') ?? 'inner';
  const keys = joinKeys(context, other, how);
  const inputs = [...new Set([...input.inputs, ...other.inputs])];
  const isOpen = input.isOpen || other.isOpen || keys === null;
  const left: Side = { frame: input, keys: keys?.left ?? [] };
  const right: Side = { frame: other, keys: keys?.right ?? [] };
  const keyEdges = [...left.keys, ...right.keys].map(({ edges }) => indirect(edges, 'join'));
  const dependencies = mergeEdges(input.dependencies, other.dependencies, ...keyEdges);
  const columns = joinedColumns({ left, right, how, context });
  const span = operation.nameSpan;
  if (keys !== null)
    reportDuplicates(
      columns.map(({ name }) => ({ name, span })),
      problems,
    );
  return { columns, dependencies, inputs, isOpen };
}

type Keys = { readonly left: readonly Output[]; readonly right: readonly Output[] };

function joinKeys(context: OperationContext, other: FrameState, how: string): Keys | null {
  const { operation, problems } = context;
  const given = ['on', 'left_on', 'right_on'].map((name) => operation.arguments[name]);
  const [on, leftOn, rightOn] = given;
  const span = operation.nameSpan;
  if (how === 'cross') {
    if (given.every((argument) => argument === undefined)) return { left: [], right: [] };
    problems.add(span, 'a cross join has no keys', 'remove `on`, or choose another `how`');
    return null;
  }
  const isPaired = on ? !leftOn && !rightOn : leftOn !== undefined && rightOn !== undefined;
  if (!isPaired) {
    problems.add(
      span,
      '`.join` needs its keys',
      'give on="a", or both left_on="a" and right_on="b"',
    );
    return null;
  }
  const left = context.outputsOf(on ?? leftOn, context.input);
  const right = context.outputsOf(on ?? rightOn, other);
  if (left === null || right === null) return null;
  return areFitting(context, { left, right }, on ?? rightOn) ? { left, right } : null;
}

function areFitting(
  { operation, problems }: OperationContext,
  { left, right }: Keys,
  at: Argument | undefined,
): boolean {
  const span: Span = at?.span ?? operation.nameSpan;
  if (left.length !== right.length) {
    problems.add(span, 'left_on and right_on name different numbers of keys');
    return false;
  }
  for (const [index, key] of left.entries()) {
    const partner = right[index];
    if (partner === undefined || comparison(key.value, partner.value) !== null) continue;
    const types = `${formatDataType(key.value.type)} and ${formatDataType(partner.value.type)}`;
    problems.add(
      span,
      `the keys "${key.name}" and "${partner.name}" have different types: ${types}`,
      'convert one with .cast(...)',
    );
    return false;
  }
  return true;
}

type Joining = {
  readonly left: Side;
  readonly right: Side;
  readonly how: string;
  readonly context: OperationContext;
};

function joinedColumns({ left, right, how, context }: Joining): readonly FrameColumn[] {
  if (how === 'semi' || how === 'anti') return left.frame.columns;
  const isFull = how === 'full' || how === 'outer';
  const isCoalesced =
    how !== 'cross' && (context.flag('coalesce') ?? !isFull) && hasPlainKeys(context);
  const suffix = context.text('suffix') ?? '_right';
  if (how === 'right' && isCoalesced) {
    const kept = without(left.frame.columns, left.keys);
    return [...kept, ...suffixed(right.frame.columns, kept, suffix)];
  }
  const leftColumns = isFull && isCoalesced ? withBothKeys(left, right) : left.frame.columns;
  const added = isCoalesced ? without(right.frame.columns, right.keys) : right.frame.columns;
  return [...leftColumns, ...suffixed(added, left.frame.columns, suffix)];
}

/** Polars coalesces keys only when all of them are columns as they are. */
function hasPlainKeys({ operation }: OperationContext): boolean {
  return ['on', 'left_on', 'right_on'].every((name) => {
    const argument = operation.arguments[name];
    return (
      argument?.kind !== 'expressions' || argument.items.every((item) => item.kind === 'columns')
    );
  });
}

function without(columns: readonly FrameColumn[], keys: readonly Output[]): readonly FrameColumn[] {
  const names = new Set(keys.map(({ name }) => name));
  return columns.filter(({ name }) => !names.has(name));
}

function suffixed(
  columns: readonly FrameColumn[],
  taken: readonly FrameColumn[],
  suffix: string,
): readonly FrameColumn[] {
  const names = new Set(taken.map(({ name }) => name));
  return columns.map((column) =>
    names.has(column.name) ? { ...column, name: `${column.name}${suffix}` } : column,
  );
}

/** The coalesced key of a full join has values of both sides. */
function withBothKeys(left: Side, right: Side): readonly FrameColumn[] {
  return left.frame.columns.map((column) => {
    const index = left.keys.findIndex(({ name }) => name === column.name);
    const partner: readonly Edge[] = right.keys[index]?.edges ?? [];
    return index === -1 ? column : { ...column, edges: mergeEdges(column.edges, partner) };
  });
}
