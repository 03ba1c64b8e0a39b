import type { DataType as FloeType } from '@floe/expression';
import pl, { type DataType } from 'nodejs-polars';

const SIMPLE: Readonly<Record<string, DataType>> = {
  boolean: pl.Bool,
  int8: pl.Int8,
  int16: pl.Int16,
  int32: pl.Int32,
  int64: pl.Int64,
  uint8: pl.UInt8,
  uint16: pl.UInt16,
  uint32: pl.UInt32,
  uint64: pl.UInt64,
  float32: pl.Float32,
  float64: pl.Float64,
  string: pl.String,
  date: pl.Date,
  time: pl.Time,
  categorical: pl.Categorical,
};

/** A type of ours as Polars for Node.js wants it; types that are not known, and binary, are read as text. */
export function toPolarsType(type: FloeType): DataType {
  switch (type.kind) {
    case 'decimal':
      return pl.Decimal(type.precision, type.scale);
    case 'datetime':
      return pl.Datetime(type.unit, type.timezone);
    case 'duration':
      return pl.Duration(type.unit);
    case 'list':
      return pl.List(toPolarsType(type.inner));
    case 'struct':
      return pl.Struct(
        Object.fromEntries(type.fields.map((field) => [field.name, toPolarsType(field.type)])),
      );
    default:
      return SIMPLE[type.kind] ?? pl.String;
  }
}
