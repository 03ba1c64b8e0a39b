import { settled } from '../types/supertype.ts';
import type { Output } from './expression-context.ts';
import { indirect, mergeEdges, type How } from './edges.ts';
import { reportDuplicates, type FrameColumn, type FrameState } from './frame-state.ts';
import type { OperationContext } from './operation-context.ts';

/** What the rules of frame methods share: outputs as columns, and what rows depend on. */
export function opened(frame: FrameState): FrameState {
  return { ...frame, isOpen: true };
}

export function outputsIn(
  { operation, input, outputsOf }: OperationContext,
  name: string,
): readonly Output[] | null {
  return outputsOf(operation.arguments[name], input);
}

export function toColumn({ name, value, edges }: Output): FrameColumn {
  return { name, type: settled(value), edges };
}

export function reportRepeated(
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

export function withDependencies(
  frame: FrameState,
  on: readonly Pick<Output, 'edges'>[],
  how: How,
): FrameState {
  const added = on.map(({ edges }) => indirect(edges, how));
  return { ...frame, dependencies: mergeEdges(frame.dependencies, ...added) };
}
