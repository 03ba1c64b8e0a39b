import type { DataType, TimeUnit } from '../data-type.ts';

type Simple = Exclude<
  DataType['kind'],
  'decimal' | 'datetime' | 'duration' | 'list' | 'array' | 'struct'
>;

const simple = (kind: Simple): DataType => ({ kind });

export const BOOLEAN = simple('boolean');
export const INT8 = simple('int8');
export const INT16 = simple('int16');
export const INT32 = simple('int32');
export const INT64 = simple('int64');
export const UINT8 = simple('uint8');
export const UINT32 = simple('uint32');
export const FLOAT32 = simple('float32');
export const FLOAT64 = simple('float64');
export const STRING = simple('string');
export const BINARY = simple('binary');
export const DATE = simple('date');
export const TIME = simple('time');
export const NULL = simple('null');
export const UNKNOWN = simple('unknown');

export const datetime = (unit: TimeUnit, timezone: string | null): DataType => ({
  kind: 'datetime',
  unit,
  timezone,
});
export const duration = (unit: TimeUnit): DataType => ({ kind: 'duration', unit });
export const list = (inner: DataType): DataType => ({ kind: 'list', inner });
export const array = (inner: DataType, width: number): DataType => ({
  kind: 'array',
  inner,
  width,
});

const INTEGER = /^u?int(8|16|32|64)$/;

export const isInteger = (type: DataType): boolean => INTEGER.test(type.kind);
export const isUnsigned = (type: DataType): boolean => type.kind.startsWith('uint');
export const isFloat = (type: DataType): boolean => type.kind.startsWith('float');
export const isNumeric = (type: DataType): boolean =>
  isInteger(type) || isFloat(type) || type.kind === 'decimal';
export const isTemporal = (type: DataType): boolean =>
  type.kind === 'date' ||
  type.kind === 'datetime' ||
  type.kind === 'time' ||
  type.kind === 'duration';
/** Types about which nothing can be said before the plan runs, so that every rule lets them through. */
export const isOpen = (type: DataType): boolean => type.kind === 'unknown' || type.kind === 'null';

/** Width in bits of an integer or float type. */
export const bitsOf = (type: DataType): number => Number(/[0-9]+$/.exec(type.kind)?.[0] ?? 0);

export function integerOf(isSigned: boolean, bits: number): DataType {
  const width = bits <= 8 ? 8 : bits <= 16 ? 16 : bits <= 32 ? 32 : 64;
  return simple(`${isSigned ? '' : 'u'}int${width}`);
}
