import type { DataType } from '../data-type.ts';
import { sameType } from '../format-data-type.ts';
import type { Selector } from '../program.ts';
import type { FrameColumn } from './frame-state.ts';

/** The columns that a selector takes, in the order of the frame. */
export function selectColumns(
  selector: Selector,
  columns: readonly FrameColumn[],
): readonly FrameColumn[] {
  switch (selector.kind) {
    case 'all':
      return columns;
    case 'names':
      return selector.names.flatMap(({ name }) => columns.filter((column) => column.name === name));
    case 'types':
      return columns.filter(({ type }) => isOneOf(type, selector.types));
    case 'exclude':
      return selectColumns(selector.base, columns).filter(
        ({ name, type }) => !selector.names.includes(name) && !isOneOf(type, selector.types),
      );
  }
}

function isOneOf(type: DataType, types: readonly DataType[]): boolean {
  return types.some((candidate) => sameType(candidate, type));
}
