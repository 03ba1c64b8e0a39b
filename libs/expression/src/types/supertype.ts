import type { DataType, TimeUnit } from '../data-type.ts';
import { sameType } from '../format-data-type.ts';
import {
  FLOAT32,
  FLOAT64,
  INT32,
  INT64,
  STRING,
  UNKNOWN,
  bitsOf,
  datetime,
  duration,
  integerOf,
  isFloat,
  isInteger,
  isNumeric,
  isUnsigned,
  list,
} from './kinds.ts';

/**
 * The type of a value in an expression. A number literal is dynamic: it takes the type of what it meets, so
 * `col(Int8) + 1` stays Int8. `type` is what it becomes when it meets nothing.
 */
export type Typed = {
  readonly type: DataType;
  readonly dynamic: 'integer' | 'float' | null;
  /** The value of a dynamic integer, which decides how wide its partner must become; null for a parameter. */
  readonly integer: bigint | null;
};

export const typed = (type: DataType): Typed => ({ type, dynamic: null, integer: null });

export function dynamicInteger(value: bigint): Typed {
  const type = fits(value, INT32) ? INT32 : fits(value, INT64) ? INT64 : UNKNOWN;
  return { type, dynamic: 'integer', integer: value };
}

/** An integer parameter of the workflow: a literal whose value comes with the run. */
export const INTEGER_PARAMETER: Typed = { type: INT32, dynamic: 'integer', integer: null };

/** The type that a value has as a column. */
export function settled({ type, dynamic, integer }: Typed): DataType {
  return dynamic === 'integer' && integer === null ? UNKNOWN : type;
}

export const DYNAMIC_FLOAT: Typed = { type: FLOAT64, dynamic: 'float', integer: null };

/** The type in which two values meet (Polars' `get_supertype`), or null when there is none. */
export function supertype(left: Typed, right: Typed): DataType | null {
  const [a, b] = [left.type, right.type];
  if (a.kind === 'unknown' || b.kind === 'unknown') return UNKNOWN;
  if (a.kind === 'null') return b;
  if (b.kind === 'null') return a;
  if (left.dynamic !== null && right.dynamic === null) return withDynamic(left, b);
  if (right.dynamic !== null && left.dynamic === null) return withDynamic(right, a);
  if (left.dynamic !== null && settled(left).kind !== settled(right).kind)
    return dynamicSupertype(left, right);
  if (sameType(a, b)) return settled(left);
  return numericSupertype(a, b) ?? otherSupertype(a, b);
}

/** Two literals: a float wins, and of integers the wider. */
function dynamicSupertype(left: Typed, right: Typed): DataType {
  if (left.dynamic === 'float' || right.dynamic === 'float') return FLOAT64;
  if (left.integer === null || right.integer === null) return UNKNOWN;
  return left.type.kind === 'int64' ? left.type : right.type;
}

function withDynamic(literal: Typed, type: DataType): DataType | null {
  if (isFloat(type)) return type;
  if (type.kind === 'decimal') {
    return literal.dynamic === 'float' ? FLOAT64 : { ...type, precision: 38 };
  }
  if (isInteger(type)) {
    if (literal.dynamic === 'float') return FLOAT64;
    return widenFor(literal.integer ?? 0n, type);
  }
  if (type.kind === 'boolean') return settled(literal);
  if (type.kind === 'string') return STRING;
  if (type.kind === 'list' || type.kind === 'array') return UNKNOWN;
  return null;
}

/** The column's type when the literal fits; else the narrowest of the same signedness that holds it. */
function widenFor(value: bigint, type: DataType): DataType {
  if (fits(value, type)) return type;
  if (isUnsigned(type) && value < 0n) {
    const signed = integerOf(true, bitsOf(type) * 2);
    return fits(value, signed) ? signed : UNKNOWN;
  }
  const wider = [16, 32, 64].map((bits) => integerOf(!isUnsigned(type), bits));
  return wider.find((candidate) => fits(value, candidate)) ?? UNKNOWN;
}

function fits(value: bigint, type: DataType): boolean {
  const bits = BigInt(bitsOf(type));
  const [low, high] = isUnsigned(type)
    ? [0n, 2n ** bits - 1n]
    : [-(2n ** (bits - 1n)), 2n ** (bits - 1n) - 1n];
  return value >= low && value <= high;
}

function numericSupertype(a: DataType, b: DataType): DataType | null {
  if (a.kind === 'boolean' && (isInteger(b) || isFloat(b))) return b;
  if (b.kind === 'boolean' && (isInteger(a) || isFloat(a))) return a;
  if (!isNumeric(a) || !isNumeric(b)) return null;
  if (a.kind === 'decimal' || b.kind === 'decimal') return decimalSupertype(a, b);
  if (isFloat(a) || isFloat(b)) return floatSupertype(a, b);
  if (isUnsigned(a) === isUnsigned(b)) return bitsOf(a) >= bitsOf(b) ? a : b;
  const [signed, unsigned] = isUnsigned(a) ? [b, a] : [a, b];
  const bits = Math.max(bitsOf(signed), bitsOf(unsigned) * 2);
  return bits > 64 ? FLOAT64 : integerOf(true, bits);
}

/** Float32 holds integers of 16 bits exactly; wider ones need Float64. */
function floatSupertype(a: DataType, b: DataType): DataType {
  const isNarrow = (type: DataType): boolean =>
    isFloat(type) ? type.kind === 'float32' : bitsOf(type) <= 16;
  return isNarrow(a) && isNarrow(b) ? FLOAT32 : FLOAT64;
}

function decimalSupertype(a: DataType, b: DataType): DataType {
  if (isFloat(a) || isFloat(b)) return FLOAT64;
  if (a.kind === 'decimal' && b.kind === 'decimal') {
    const precision = Math.max(a.precision, b.precision);
    return { kind: 'decimal', precision, scale: Math.max(a.scale, b.scale) };
  }
  const decimal = a.kind === 'decimal' ? a : b;
  if (decimal.kind !== 'decimal') return UNKNOWN;
  const digits = DIGITS[bitsOf(a.kind === 'decimal' ? b : a)] ?? 38;
  return digits + decimal.scale <= decimal.precision ? decimal : { ...decimal, precision: 38 };
}

/** Decimal digits that an integer of so many bits can have. */
const DIGITS: Readonly<Record<number, number>> = { 8: 3, 16: 5, 32: 10, 64: 20 };

function otherSupertype(a: DataType, b: DataType): DataType | null {
  if (a.kind === 'list' && b.kind === 'list') {
    const inner = supertype(typed(a.inner), typed(b.inner));
    return inner === null ? null : list(inner);
  }
  const kinds = new Set([a.kind, b.kind]);
  if (
    kinds.has('struct') ||
    kinds.has('list') ||
    kinds.has('array') ||
    kinds.has('binary') ||
    kinds.has('categorical')
  ) {
    return UNKNOWN;
  }
  if (kinds.has('string')) return STRING;
  return temporalSupertype(a, b);
}

function temporalSupertype(a: DataType, b: DataType): DataType | null {
  if (a.kind === 'datetime' && b.kind === 'datetime') {
    return a.timezone === b.timezone ? datetime(coarser(a.unit, b.unit), a.timezone) : null;
  }
  if (a.kind === 'duration' && b.kind === 'duration') return duration(coarser(a.unit, b.unit));
  if (a.kind === 'datetime' && b.kind === 'date') return a;
  if (a.kind === 'date' && b.kind === 'datetime') return b;
  // Numbers and temporal values meet in their physical integers: legal, seldom meant, and not worth a rule.
  return a.kind === 'boolean' || b.kind === 'boolean' ? null : UNKNOWN;
}

const UNITS: readonly TimeUnit[] = ['ns', 'us', 'ms'];

export function coarser(a: TimeUnit, b: TimeUnit): TimeUnit {
  return UNITS.indexOf(a) > UNITS.indexOf(b) ? a : b;
}
