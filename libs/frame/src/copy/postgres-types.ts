import { FloeError, type Violation } from '@floe/errors';
import type { Column, DataType, Schema } from '@floe/expression';

/** A PostgreSQL type as the caller found it in the catalogue, domains replaced by what they are made of. */
export type PostgresType = {
  readonly oid: number;
  /** As PostgreSQL writes it, for messages and casts: `numeric(10,2)`, `mood`, `integer[]`. */
  readonly name: string;
  /** `atttypmod`; -1 when there is none. */
  readonly modifier: number;
  readonly isEnum: boolean;
  /** Of an array: the type of its elements, domains replaced by what they are made of. */
  readonly element?: PostgresType;
  /** Of an array: the OID of the element type as it is declared, perhaps a domain, which stands in its binary form. */
  readonly elementOid?: number;
  /** Of an array column: how many dimensions it was declared with. PostgreSQL holds nobody to it. */
  readonly dimensions?: number;
};

export type PostgresColumn = { readonly name: string; readonly type: PostgresType };

/** The binary forms of values that Floe reads and writes; several PostgreSQL types share one. */
export type WireFormat =
  | 'bool'
  | 'int2'
  | 'int4'
  | 'int8'
  | 'oid'
  | 'float4'
  | 'float8'
  | 'numeric'
  | 'text'
  | 'uuid'
  | 'jsonb'
  | 'bytea'
  | 'date'
  | 'time'
  | 'timestamp'
  | 'timestamptz'
  | 'interval';

/** Type OIDs never change: they are fixed in PostgreSQL's `pg_type.dat`. */
const FORMATS_BY_OID: ReadonlyMap<number, WireFormat> = new Map([
  [16, 'bool'],
  [17, 'bytea'],
  [19, 'text'],
  [20, 'int8'],
  [21, 'int2'],
  [23, 'int4'],
  [25, 'text'],
  [26, 'oid'],
  [114, 'text'],
  [700, 'float4'],
  [701, 'float8'],
  [1042, 'text'],
  [1043, 'text'],
  [1082, 'date'],
  [1083, 'time'],
  [1114, 'timestamp'],
  [1184, 'timestamptz'],
  [1186, 'interval'],
  [1700, 'numeric'],
  [2950, 'uuid'],
  [3802, 'jsonb'],
]);

/** Arrow's and Polars' widest decimal. */
const MAX_DECIMAL_PRECISION = 38;

/** citext is an extension, so its OID differs from database to database; its form is that of text. */
export function wireFormatOf(type: PostgresType): WireFormat | undefined {
  if (type.element !== undefined) return undefined;
  if (type.isEnum || type.name === 'citext' || type.name.endsWith('.citext')) return 'text';
  return FORMATS_BY_OID.get(type.oid);
}

export type NumericShape = { readonly precision: number; readonly scale: number };

/**
 * Precision and scale of `numeric(p,s)` as an Arrow decimal, which wants 0 <= scale <= precision: numeric(5,-2) holds
 * what decimal(7,0) does, numeric(2,4) what decimal(4,4) does. Undefined for a numeric with no declared scale.
 * The packing is that of `make_numeric_typmod` in PostgreSQL's numeric.c.
 */
export function numericShape(type: PostgresType): NumericShape | undefined {
  if (type.modifier < 4) return undefined;
  const packed = type.modifier - 4;
  const precision = (packed >> 16) & 0xffff;
  const scale = ((packed & 0x7ff) ^ 1024) - 1024;
  if (scale < 0) return { precision: precision - scale, scale: 0 };
  return { precision: Math.max(precision, scale), scale };
}

/**
 * The columns that an extract of these will have. Errors: TYPE_UNSUPPORTED with every column that cannot be moved
 * exactly, COLUMN_MISMATCH for a name that comes twice.
 */
export function schemaOfColumns(columns: readonly PostgresColumn[]): Schema {
  const violations: Violation[] = [];
  const schema: Column[] = [];
  for (const column of columns) {
    const type = dataTypeOf(column.type);
    if (type === undefined) violations.push(unsupported(column));
    else schema.push({ name: column.name, type });
  }
  if (violations.length > 0)
    throw new FloeError('TYPE_UNSUPPORTED', violations.map((each) => each.message).join('; '), {
      violations,
      hint: violations.map((each) => each.hint).join('; '),
    });
  assertDistinctNames(schema);
  return schema;
}

function assertDistinctNames(schema: Schema): void {
  const seen = new Set<string>();
  for (const { name } of schema) {
    if (seen.has(name))
      throw new FloeError('COLUMN_MISMATCH', `the query gives two columns named "${name}"`, {
        details: { column: name },
        hint: `name one of them: ${name} as ${name}_2`,
      });
    seen.add(name);
  }
}

/** The column type that holds every value of a type exactly, or undefined. */
export function dataTypeOf(type: PostgresType): DataType | undefined {
  if (type.element !== undefined) return listOf(type.element, type.dimensions ?? 1);
  const format = wireFormatOf(type);
  switch (format) {
    case undefined:
    // Months have no fixed length, and Polars' durations no months.
    case 'interval':
      return undefined;
    case 'bool':
      return { kind: 'boolean' };
    case 'int2':
      return { kind: 'int16' };
    case 'int4':
      return { kind: 'int32' };
    case 'int8':
      return { kind: 'int64' };
    case 'oid':
      return { kind: 'uint32' };
    case 'float4':
      return { kind: 'float32' };
    case 'float8':
      return { kind: 'float64' };
    case 'numeric':
      return decimalOf(type);
    case 'text':
    case 'uuid':
    case 'jsonb':
      return { kind: 'string' };
    case 'bytea':
      return { kind: 'binary' };
    case 'date':
      return { kind: 'date' };
    case 'time':
      return { kind: 'time' };
    case 'timestamp':
      return { kind: 'datetime', unit: 'us', timezone: null };
    case 'timestamptz':
      return { kind: 'datetime', unit: 'us', timezone: 'UTC' };
  }
}

function listOf(element: PostgresType, dimensions: number): DataType | undefined {
  const inner = dataTypeOf(element);
  if (inner === undefined) return undefined;
  let type: DataType = inner;
  for (let level = 0; level < Math.max(1, dimensions); level += 1)
    type = { kind: 'list', inner: type };
  return type;
}

function decimalOf(type: PostgresType): DataType | undefined {
  const shape = numericShape(type);
  if (shape === undefined || shape.precision > MAX_DECIMAL_PRECISION) return undefined;
  return { kind: 'decimal', ...shape };
}

function unsupported({ name, type }: PostgresColumn): Violation {
  return {
    field: name,
    message: `column "${name}" has type ${type.name}, which Floe cannot move exactly`,
    hint: `write ${name}::text in the query`,
  };
}

/** The column type that a table made from a dataset gets. Undefined: PostgreSQL has nothing that holds it exactly. */
export function postgresTypeFor(type: DataType): string | undefined {
  switch (type.kind) {
    case 'boolean':
      return 'boolean';
    case 'int8':
    case 'uint8':
    case 'int16':
      return 'smallint';
    case 'uint16':
    case 'int32':
      return 'integer';
    case 'uint32':
    case 'int64':
      return 'bigint';
    case 'uint64':
      return 'numeric(20,0)';
    case 'float32':
      return 'real';
    case 'float64':
      return 'double precision';
    case 'decimal':
      return `numeric(${type.precision},${type.scale})`;
    case 'string':
    case 'categorical':
    case 'null':
      return 'text';
    case 'binary':
      return 'bytea';
    case 'date':
      return 'date';
    case 'time':
      return 'time';
    case 'datetime':
      return type.timezone === null ? 'timestamp' : 'timestamptz';
    case 'duration':
      return 'interval';
    case 'list': {
      const inner = postgresTypeFor(type.inner);
      return inner === undefined ? undefined : `${inner}[]`;
    }
    case 'array':
    case 'struct':
    case 'unknown':
      return undefined;
  }
}
