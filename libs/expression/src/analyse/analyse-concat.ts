import type { DataType } from '../data-type.ts';
import { formatDataType, sameType } from '../format-data-type.ts';
import { UNKNOWN, isOpen as isOpenType } from '../types/kinds.ts';
import { supertype, typed } from '../types/supertype.ts';
import { mergeEdges } from './edges.ts';
import { findColumn, reportDuplicates, type FrameColumn, type FrameState } from './frame-state.ts';
import type { OperationContext } from './operation-context.ts';

/** `pl.concat`: each input's column of a name goes into the result's column of that name. */
export function analyseConcat(context: OperationContext): FrameState {
  const frames = context.frames('items');
  const how = context.text('how') ?? 'vertical';
  const isOpen = frames.some((frame) => frame.isOpen);
  const shared = {
    dependencies: mergeEdges(...frames.map((frame) => frame.dependencies)),
    inputs: [...new Set(frames.flatMap((frame) => frame.inputs))],
    isOpen,
  };
  if (how === 'horizontal') return { ...shared, columns: sideBySide(context, frames) };
  if (how.startsWith('vertical') && !isOpen) reportShapes(context, frames);
  const names = [...new Set(frames.flatMap((frame) => frame.columns.map(({ name }) => name)))];
  const isRelaxed = how.endsWith('_relaxed');
  return { ...shared, columns: names.map((name) => stacked(context, { frames, name, isRelaxed })) };
}

function sideBySide(
  { operation, problems }: OperationContext,
  frames: readonly FrameState[],
): readonly FrameColumn[] {
  const columns = frames.flatMap((frame) => frame.columns);
  reportDuplicates(
    columns.map(({ name }) => ({ name, span: operation.nameSpan })),
    problems,
  );
  return columns;
}

function reportShapes(
  { operation, problems }: OperationContext,
  frames: readonly FrameState[],
): void {
  const [first, ...rest] = frames.map((frame) => frame.columns.map(({ name }) => name));
  const different = rest.find((names) => JSON.stringify(names) !== JSON.stringify(first));
  if (first === undefined || different === undefined) return;
  problems.add(
    operation.nameSpan,
    `the frames have different columns: ${first.join(', ')} and ${different.join(', ')}`,
    'choose the same columns in the same order, or how="diagonal"',
  );
}

type Stack = {
  readonly frames: readonly FrameState[];
  readonly name: string;
  readonly isRelaxed: boolean;
};

function stacked(
  { operation, problems }: OperationContext,
  { frames, name, isRelaxed }: Stack,
): FrameColumn {
  const parts = frames
    .map((frame) => findColumn(frame, name))
    .filter((column) => column !== undefined);
  let type: DataType | null = null;
  for (const part of parts) {
    if (type === null) {
      type = part.type;
      continue;
    }
    const isSame = sameType(type, part.type) || isOpenType(type) || isOpenType(part.type);
    if (!isSame && !isRelaxed) {
      const types = `${formatDataType(type)} and ${formatDataType(part.type)}`;
      problems.add(
        operation.nameSpan,
        `the column "${name}" has different types: ${types}`,
        'convert one with .cast(...), or use how="vertical_relaxed"',
      );
    }
    type = supertype(typed(type), typed(part.type)) ?? UNKNOWN;
  }
  return { name, type: type ?? UNKNOWN, edges: mergeEdges(...parts.map((part) => part.edges)) };
}
