import type { DataType } from '../data-type.ts';
import {
  BOOLEAN,
  DATE,
  FLOAT32,
  FLOAT64,
  STRING,
  UINT32,
  UNKNOWN,
  datetime,
  duration,
  isFloat,
  isInteger,
  isNumeric,
  isOpen,
  isTemporal,
} from './kinds.ts';
import { coarser, supertype, type Typed } from './supertype.ts';

/** The types of Polars' operators. null: the two types do not go together. */
export type OperatorRule = (left: Typed, right: Typed) => DataType | null;

const isNumberOrBoolean = (type: DataType): boolean => isNumeric(type) || type.kind === 'boolean';
/** Types whose arithmetic is legal in part and whose result these rules do not know. */
const isOpaque = (type: DataType): boolean =>
  ['unknown', 'list', 'array', 'struct', 'categorical', 'binary'].includes(type.kind);

function numericResult(left: Typed, right: Typed): DataType | null {
  const met = supertype(left, right);
  return met?.kind === 'decimal' ? { ...met, precision: 38 } : met;
}

export const addition: OperatorRule = (left, right) => {
  const [a, b] = [left.type, right.type];
  if (isOpaque(a) || isOpaque(b)) return UNKNOWN;
  if (a.kind === 'boolean' && b.kind === 'boolean') return UINT32;
  if (isNumberOrBoolean(a) && isNumberOrBoolean(b)) return numericResult(left, right);
  if (isOpen(a) || isOpen(b)) return UNKNOWN;
  if (a.kind === 'string' && b.kind === 'string') return STRING;
  return shifted(a, b) ?? shifted(b, a) ?? durations(a, b);
};

export const subtraction: OperatorRule = (left, right) => {
  const [a, b] = [left.type, right.type];
  if (isOpaque(a) || isOpaque(b)) return UNKNOWN;
  if (a.kind === 'boolean' && b.kind === 'boolean') return null;
  if (isNumberOrBoolean(a) && isNumberOrBoolean(b)) return numericResult(left, right);
  if (isOpen(a) || isOpen(b)) return UNKNOWN;
  return shifted(a, b) ?? difference(a, b) ?? durations(a, b);
};

/** A point in time moved by a duration. */
function shifted(point: DataType, by: DataType): DataType | null {
  if (by.kind !== 'duration') return null;
  if (point.kind === 'date') return DATE;
  return point.kind === 'datetime' ? datetime(coarser(point.unit, by.unit), point.timezone) : null;
}

function durations(a: DataType, b: DataType): DataType | null {
  return a.kind === 'duration' && b.kind === 'duration' ? duration(coarser(a.unit, b.unit)) : null;
}

function difference(a: DataType, b: DataType): DataType | null {
  if (a.kind === 'time' && b.kind === 'time') return duration('ns');
  if (a.kind === 'date' && b.kind === 'date') return duration('us');
  if (a.kind === 'datetime' && b.kind === 'date') return duration(a.unit);
  if (a.kind === 'date' && b.kind === 'datetime') return duration(b.unit);
  const isSameZone = a.kind === 'datetime' && b.kind === 'datetime' && a.timezone === b.timezone;
  return isSameZone ? duration(coarser(a.unit, b.unit)) : null;
}

export const multiplication: OperatorRule = (left, right) => {
  const [a, b] = [left.type, right.type];
  if (isOpaque(a) || isOpaque(b)) return UNKNOWN;
  if (a.kind === 'boolean' && b.kind === 'boolean') return null;
  if (isNumberOrBoolean(a) && isNumberOrBoolean(b)) return numericResult(left, right);
  if (isOpen(a) || isOpen(b)) return UNKNOWN;
  if (a.kind === 'duration' && isNumeric(b)) return a;
  return b.kind === 'duration' && isNumeric(a) ? b : null;
};

export const division: OperatorRule = (left, right) => {
  const [a, b] = [left.type, right.type];
  if (isOpaque(a) || isOpaque(b)) return UNKNOWN;
  if (a.kind === 'decimal' || b.kind === 'decimal') {
    if (a.kind === 'boolean' || b.kind === 'boolean') return UNKNOWN;
    return numericResult(left, right);
  }
  if (isNumberOrBoolean(a) && isNumberOrBoolean(b)) {
    return supertype(left, right)?.kind === 'float32' ? FLOAT32 : FLOAT64;
  }
  if (isOpen(a) || isOpen(b)) return UNKNOWN;
  if (a.kind !== 'duration') return null;
  return b.kind === 'duration' ? FLOAT64 : isNumeric(b) ? a : null;
};

/** `//` and `%`. */
export const flooring: OperatorRule = (left, right) => {
  const [a, b] = [left.type, right.type];
  if (isOpaque(a) || isOpaque(b)) return UNKNOWN;
  if (isOpen(a) || isOpen(b)) return UNKNOWN;
  if (a.kind === 'decimal' || b.kind === 'decimal')
    return isFloat(a) || isFloat(b) ? FLOAT64 : null;
  if (a.kind === 'duration' && b.kind === 'duration') return UNKNOWN;
  if (a.kind === 'boolean' && b.kind === 'boolean') return null;
  return isNumberOrBoolean(a) && isNumberOrBoolean(b) ? supertype(left, right) : null;
};

export const power: OperatorRule = (left, right) => {
  const [a, b] = [left.type, right.type];
  if (isOpaque(a) || isOpaque(b) || isOpen(a) || isOpen(b)) return UNKNOWN;
  if (a.kind === 'decimal' || b.kind === 'decimal') return UNKNOWN;
  if (!isNumeric(a) || !isNumeric(b)) return null;
  if (isFloat(a)) return a;
  return isFloat(b) ? b : a;
};

/** `&`, `|` and `^`. */
export const logic: OperatorRule = (left, right) => {
  const [a, b] = [left.type, right.type];
  if (isOpen(a) || isOpen(b))
    return a.kind === 'boolean' || b.kind === 'boolean' ? BOOLEAN : UNKNOWN;
  const isBitwise = (type: DataType): boolean => isInteger(type) || type.kind === 'boolean';
  if (!isBitwise(a) || !isBitwise(b)) return null;
  const met = supertype(left, right);
  return met !== null && isFloat(met) ? UNKNOWN : met;
};

export const comparison: OperatorRule = (left, right) => {
  const [a, b] = [left.type, right.type];
  return areComparable(a, b) && areComparable(b, a) ? BOOLEAN : null;
};

/** Refuses what Polars refuses; the odd comparisons that it allows stay allowed. */
function areComparable(a: DataType, b: DataType): boolean {
  if (isOpen(a) || isOpen(b)) return true;
  if (a.kind === 'string') {
    return !isInteger(b) && !isFloat(b) && b.kind !== 'date' && b.kind !== 'datetime';
  }
  if (a.kind === 'datetime' && b.kind === 'datetime') return a.timezone === b.timezone;
  if (a.kind === 'time' && isTemporal(b)) return b.kind === 'time';
  return a.kind !== 'list' || !isNumberOrBoolean(b);
}
