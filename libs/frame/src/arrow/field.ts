import type { DataType } from '@floe/expression';

/**
 * How the values of a column lie in memory, beside what they mean: Polars writes strings and binaries as views,
 * lists with 64-bit offsets, categoricals as keys into a dictionary.
 */
export type Layout =
  | 'null'
  | 'boolean'
  | 'fixed'
  | 'view'
  | 'offsets32'
  | 'offsets64'
  | 'list32'
  | 'list64'
  | 'array'
  | 'struct';

export type Dictionary = {
  readonly id: number;
  /** Keys are integers of this many bytes. */
  readonly keyBytes: number;
  readonly values: Field;
};

export type Field = {
  readonly name: string;
  readonly type: DataType;
  readonly layout: Layout;
  /** Bytes of one value in a fixed layout; 0 in the others. */
  readonly width: number;
  readonly children: readonly Field[];
  readonly dictionary: Dictionary | undefined;
};

const FIXED_WIDTHS: Readonly<Partial<Record<DataType['kind'], number>>> = {
  int8: 1,
  uint8: 1,
  int16: 2,
  uint16: 2,
  int32: 4,
  uint32: 4,
  float32: 4,
  date: 4,
  int64: 8,
  uint64: 8,
  float64: 8,
  time: 8,
  datetime: 8,
  duration: 8,
  decimal: 16,
};

export function fixedWidth(type: DataType): number | undefined {
  return FIXED_WIDTHS[type.kind];
}
