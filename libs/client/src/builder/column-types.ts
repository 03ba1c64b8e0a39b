/** The types of columns, as Floe and Polars print them. */
export type IntegerType =
  | 'Int8'
  | 'Int16'
  | 'Int32'
  | 'Int64'
  | 'UInt8'
  | 'UInt16'
  | 'UInt32'
  | 'UInt64';
export type FloatType = 'Float32' | 'Float64';
export type NumberType = IntegerType | FloatType;
export type DatetimeType = "Datetime('us', None)" | "Datetime('us', 'UTC')";
export type TimeType = 'Date' | DatetimeType;
/** The types that a column may have, in the words of a document. */
export type ColumnType =
  | NumberType
  | TimeType
  | 'Boolean'
  | 'String'
  | 'Binary'
  | 'Time'
  | `Decimal(${number}, ${number})`
  | `List(${string})`;

/** Columns by name, in their order. */
export type Columns = Readonly<Record<string, ColumnType>>;

/** What `sum` gives: small integers have room to grow, as in Polars. */
export type SumOf<Type extends ColumnType> = Type extends 'Int8' | 'Int16' | 'UInt8' | 'UInt16'
  ? 'Int64'
  : Type;

/** What a mean and a division give. */
export type FractionOf<Type extends ColumnType> = Type extends 'Float32' ? 'Float32' : 'Float64';

const GROWING: readonly ColumnType[] = ['Int8', 'Int16', 'UInt8', 'UInt16'];

export function sumOf(type: ColumnType): ColumnType {
  return GROWING.includes(type) ? 'Int64' : type;
}

export function fractionOf(type: ColumnType): ColumnType {
  return type === 'Float32' ? 'Float32' : 'Float64';
}

export function isInteger(type: ColumnType): boolean {
  return /^U?Int/.test(type);
}
