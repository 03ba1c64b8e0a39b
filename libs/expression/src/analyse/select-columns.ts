import type { DataType } from '../data-type.ts';
import { sameType } from '../format-data-type.ts';
import { compilePattern } from '../pattern/match-pattern.ts';
import { parsePattern } from '../pattern/parse-pattern.ts';
import type { Selector, TypeClass } from '../program.ts';
import { isFloat, isInteger, isNumeric, isTemporal, isUnsigned } from '../types/kinds.ts';
import type { FrameColumn } from './frame-state.ts';

/** The columns that a selector takes: in the order of the frame, unless they are named. */
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
      return columns.filter(({ type }) =>
        selector.types.some((candidate) => sameType(candidate, type)),
      );
    case 'class':
      return columns.filter(({ type }) => CLASSES[selector.class](type));
    case 'moments':
      return columns.filter(({ type }) => isMoment(type, selector));
    case 'matches':
      return columns.filter(matcherOf(selector.pattern));
    case 'places':
      return selector.places.flatMap((place) => columns.at(place) ?? []);
    case 'combined':
      return combine(selector, columns);
  }
}

function combine(
  { how, left, right }: Extract<Selector, { kind: 'combined' }>,
  columns: readonly FrameColumn[],
): readonly FrameColumn[] {
  const inLeft = new Set(selectColumns(left, columns));
  const inRight = new Set(selectColumns(right, columns));
  // A difference keeps the order in which its left side names columns; the others are in the order of the frame.
  const candidates = how === 'difference' ? [...inLeft] : columns;
  return candidates.filter((column) => {
    const [isLeft, isRight] = [inLeft.has(column), inRight.has(column)];
    if (how === 'union') return isLeft || isRight;
    if (how === 'intersection') return isLeft && isRight;
    return how === 'difference' ? !isRight : isLeft !== isRight;
  });
}

function matcherOf(pattern: string): (column: FrameColumn) => boolean {
  const parsed = parsePattern(pattern);
  const matches = 'problem' in parsed ? null : compilePattern(parsed);
  return ({ name }) => matches?.(name) ?? false;
}

type Moments = Extract<Selector, { kind: 'moments' }>;

function isMoment(type: DataType, { of, units, zone }: Moments): boolean {
  if (type.kind === 'duration') return of === 'duration' && units.includes(type.unit);
  if (type.kind !== 'datetime' || of !== 'datetime' || !units.includes(type.unit)) return false;
  if (zone === 'any') return true;
  if (zone === 'set') return type.timezone !== null;
  return type.timezone === (zone?.name ?? null);
}

const CLASSES: Readonly<Record<TypeClass, (type: DataType) => boolean>> = {
  numeric: isNumeric,
  integer: isInteger,
  signed_integer: (type) => isInteger(type) && !isUnsigned(type),
  unsigned_integer: (type) => isInteger(type) && isUnsigned(type),
  float: isFloat,
  decimal: ({ kind }) => kind === 'decimal',
  temporal: isTemporal,
  categorical: ({ kind }) => kind === 'categorical',
  // Columns of this type cannot come into a text.
  enum: () => false,
  nested: ({ kind }) => kind === 'list' || kind === 'array' || kind === 'struct',
  list: ({ kind }) => kind === 'list',
  array: ({ kind }) => kind === 'array',
  struct: ({ kind }) => kind === 'struct',
};
