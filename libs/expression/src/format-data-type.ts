import type { DataType } from './data-type.ts';

const NAMES: Readonly<Record<Exclude<DataType['kind'], ParametricKind>, string>> = {
  boolean: 'Boolean',
  int8: 'Int8',
  int16: 'Int16',
  int32: 'Int32',
  int64: 'Int64',
  uint8: 'UInt8',
  uint16: 'UInt16',
  uint32: 'UInt32',
  uint64: 'UInt64',
  float32: 'Float32',
  float64: 'Float64',
  string: 'String',
  binary: 'Binary',
  date: 'Date',
  time: 'Time',
  categorical: 'Categorical',
  null: 'Null',
  unknown: 'Unknown',
};

type ParametricKind = 'decimal' | 'datetime' | 'duration' | 'list' | 'array' | 'struct';

/** The type as Polars prints it: `Int64`, `Datetime('us', 'UTC')`, `List(Int64)`. */
export function formatDataType(type: DataType): string {
  switch (type.kind) {
    case 'decimal':
      return `Decimal(${type.precision}, ${type.scale})`;
    case 'datetime':
      return `Datetime('${type.unit}', ${type.timezone === null ? 'None' : `'${type.timezone}'`})`;
    case 'duration':
      return `Duration('${type.unit}')`;
    case 'list':
      return `List(${formatDataType(type.inner)})`;
    case 'array':
      return formatArray(type.inner, [type.width]);
    case 'struct':
      return `Struct({${type.fields.map((field) => `'${field.name}': ${formatDataType(field.type)}`).join(', ')}})`;
    default:
      return NAMES[type.kind];
  }
}

/** Arrays of arrays are one array of several dimensions to Polars. */
function formatArray(inner: DataType, shape: readonly number[]): string {
  if (inner.kind === 'array') return formatArray(inner.inner, [...shape, inner.width]);
  const dimensions = shape.length === 1 ? `${shape[0]},` : shape.join(', ');
  return `Array(${formatDataType(inner)}, shape=(${dimensions}))`;
}

/** Whether two types are the same to Polars: their printed forms name every part of them. */
export function sameType(a: DataType, b: DataType): boolean {
  return a.kind === b.kind && formatDataType(a) === formatDataType(b);
}
