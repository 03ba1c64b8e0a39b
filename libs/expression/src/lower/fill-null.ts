import type { DataType } from '../data-type.ts';
import type { Literal } from '../program.ts';

const NUMERIC: readonly DataType[] = (
  [
    'int8',
    'int16',
    'int32',
    'int64',
    'uint8',
    'uint16',
    'uint32',
    'uint64',
    'float32',
    'float64',
  ] as const
).map((kind) => ({ kind }));

/** The types of columns that `fill_null` of a frame fills with a literal; null: all. */
export function fittingTypes(literal: Literal): readonly DataType[] | null {
  switch (literal.kind) {
    case 'integer':
    case 'float':
      return NUMERIC;
    case 'string':
      return [{ kind: 'string' }];
    case 'boolean':
      return [{ kind: 'boolean' }];
    case 'date':
      return [{ kind: 'date' }];
    default:
      return null;
  }
}
