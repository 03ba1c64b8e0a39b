/**
 * The types that columns can have between tasks. They are Polars' types, named once for all of Floe: the frame
 * library turns them into Arrow and PostgreSQL types, the expression checker computes with them.
 */
export type TimeUnit = 'ms' | 'us' | 'ns';

export type DataType =
  | { readonly kind: 'boolean' }
  | { readonly kind: 'int8' | 'int16' | 'int32' | 'int64' }
  | { readonly kind: 'uint8' | 'uint16' | 'uint32' | 'uint64' }
  | { readonly kind: 'float32' | 'float64' }
  | { readonly kind: 'decimal'; readonly precision: number; readonly scale: number }
  | { readonly kind: 'string' }
  | { readonly kind: 'binary' }
  | { readonly kind: 'date' }
  | { readonly kind: 'time' }
  | { readonly kind: 'datetime'; readonly unit: TimeUnit; readonly timezone: string | null }
  | { readonly kind: 'duration'; readonly unit: TimeUnit }
  | { readonly kind: 'categorical' }
  | { readonly kind: 'list'; readonly inner: DataType }
  /** Lists that all have `width` members. */
  | { readonly kind: 'array'; readonly inner: DataType; readonly width: number }
  | { readonly kind: 'struct'; readonly fields: readonly Column[] }
  /** The type of a bare `None`: fits every type. */
  | { readonly kind: 'null' }
  /** A type that cannot be known before the plan runs; it is accepted everywhere and checked at run time. */
  | { readonly kind: 'unknown' };

export type Column = { readonly name: string; readonly type: DataType };

/** Columns in order. Names are unique. */
export type Schema = readonly Column[];
