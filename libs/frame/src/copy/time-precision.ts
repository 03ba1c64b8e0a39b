import type { DataType, TimeUnit } from '@floe/expression';
import { readBigInt } from '../arrow/read-value.ts';
import { type PostgresType, wireFormatOf } from './postgres-types.ts';
import type { ValueEncoder } from './value-encoder.ts';

/** What a column without a declared precision keeps, of a second. */
const FULL_DIGITS = 6;
/** Of an interval's modifier: the lower half is the precision, the upper the fields that it keeps. */
const PRECISION_BITS = 0xff_ff;
const ALL_FIELDS = 0x7f_ff;

const DIGITS: Readonly<Record<TimeUnit, number>> = { ms: 3, us: 6, ns: 9 };

/** Digits of a second that a column keeps; undefined for types that are no time. */
function digitsOf(target: PostgresType): number | undefined {
  const { modifier } = target;
  switch (wireFormatOf(target)) {
    case 'time':
    case 'timestamp':
    case 'timestamptz':
      return modifier < 0 ? FULL_DIGITS : Math.min(modifier, FULL_DIGITS);
    case 'interval':
      return modifier < 0 ? FULL_DIGITS : Math.min(modifier & PRECISION_BITS, FULL_DIGITS);
    default:
      return undefined;
  }
}

function digitsIn(type: DataType): number {
  if (type.kind === 'time') return DIGITS.ns;
  return type.kind === 'datetime' || type.kind === 'duration' ? DIGITS[type.unit] : 0;
}

/** Whether the column keeps fewer digits of a second than PostgreSQL has, and than the values may have. */
export function isShortened(type: DataType, target: PostgresType): boolean {
  const digits = digitsOf(target) ?? FULL_DIGITS;
  return digits < FULL_DIGITS && digits < digitsIn(type);
}

/** Whether an interval leaves fields out, as `interval year to month` does. */
export function leavesFieldsOut({ modifier }: PostgresType): boolean {
  return modifier >= 0 && modifier >> 16 !== ALL_FIELDS;
}

/** PostgreSQL rounds to the declared precision without a word, so a value with more digits is refused. */
export function withinPrecision(
  encode: ValueEncoder,
  type: DataType,
  target: PostgresType,
): ValueEncoder {
  if (!isShortened(type, target)) return encode;
  const digits = digitsOf(target)!;
  const step = 10n ** BigInt(digitsIn(type) - digits);
  return (column, row, output) =>
    readBigInt(column, row) % step === 0n
      ? encode(column, row, output)
      : `the time has more than the ${digits} digits of a second that ${target.name} keeps: round it in the transform, or write \`convert: true\``;
}

/** The type without its precision, from which PostgreSQL rounds as for an INSERT. */
export function withoutPrecision(target: PostgresType): PostgresType {
  return { ...target, name: target.name.replace(/\(\d\)/, ''), modifier: -1 };
}
