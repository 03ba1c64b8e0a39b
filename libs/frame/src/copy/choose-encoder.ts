import { type DataType, formatDataType } from '@floe/expression';
import { createBytesEncoder, createUuidEncoder } from './bytes-encoder.ts';
import { createDecimalEncoder, createIntegerToNumericEncoder } from './numeric-encoder.ts';
import { type PostgresType, numericShape, wireFormatOf } from './postgres-types.ts';
import {
  encodeBoolean,
  encodeFloat4,
  encodeFloat8,
  encodeInt2,
  encodeInt4,
  encodeInt8,
  encodeOid,
} from './number-encoder.ts';
import type { ValueEncoder } from './value-encoder.ts';
import { encodeDate, encodeTime, intervalEncoder, timestampEncoder } from './time-encoder.ts';

/** The encoder of a column type for a table's column type, or why there is none and what mends it. */
export type EncoderChoice =
  | { readonly kind: 'encoder'; readonly encode: ValueEncoder }
  | { readonly kind: 'misfit'; readonly hint: string };

export function chooseEncoder(type: DataType, target: PostgresType): EncoderChoice {
  const encode = findEncoder(type, target);
  if (encode !== undefined) return { kind: 'encoder', encode };
  return { kind: 'misfit', hint: castHint(type, target) };
}

const INTEGERS: ReadonlySet<DataType['kind']> = new Set([
  'int8',
  'int16',
  'int32',
  'int64',
  'uint8',
  'uint16',
  'uint32',
  'uint64',
]);

/** Kinds whose every value a float with 24 or 53 bits of mantissa holds exactly. */
const EXACT_IN_FLOAT4: ReadonlySet<DataType['kind']> = new Set([
  'int8',
  'int16',
  'uint8',
  'uint16',
]);
const EXACT_IN_FLOAT8: ReadonlySet<DataType['kind']> = new Set([
  ...EXACT_IN_FLOAT4,
  'int32',
  'uint32',
  'float32',
  'float64',
]);

function findEncoder(type: DataType, target: PostgresType): ValueEncoder | undefined {
  // A column of type null has no values, so that its encoder is never called.
  if (type.kind === 'null') return encodeBoolean;
  const isText = type.kind === 'string' || type.kind === 'categorical';
  switch (wireFormatOf(target)) {
    case undefined:
      return undefined;
    case 'bool':
      return type.kind === 'boolean' ? encodeBoolean : undefined;
    case 'int2':
      return INTEGERS.has(type.kind) ? encodeInt2 : undefined;
    case 'int4':
      return INTEGERS.has(type.kind) ? encodeInt4 : undefined;
    case 'int8':
      return INTEGERS.has(type.kind) ? encodeInt8 : undefined;
    case 'oid':
      return INTEGERS.has(type.kind) ? encodeOid : undefined;
    case 'float4':
      return type.kind === 'float32' || EXACT_IN_FLOAT4.has(type.kind) ? encodeFloat4 : undefined;
    case 'float8':
      return EXACT_IN_FLOAT8.has(type.kind) ? encodeFloat8 : undefined;
    case 'numeric':
      return findNumericEncoder(type, target);
    case 'text':
      return isText ? createBytesEncoder(undefined) : undefined;
    case 'jsonb':
      return isText ? createBytesEncoder(JSONB_VERSION) : undefined;
    case 'uuid':
      return isText ? createUuidEncoder() : undefined;
    case 'bytea':
      return type.kind === 'binary' ? createBytesEncoder(undefined) : undefined;
    case 'date':
      return type.kind === 'date' ? encodeDate : undefined;
    case 'time':
      return type.kind === 'time' ? encodeTime : undefined;
    case 'timestamp':
      return type.kind === 'datetime' && type.timezone === null
        ? timestampEncoder(type.unit)
        : undefined;
    case 'timestamptz':
      return type.kind === 'datetime' && type.timezone !== null
        ? timestampEncoder(type.unit)
        : undefined;
    case 'interval':
      return type.kind === 'duration' ? intervalEncoder(type.unit) : undefined;
  }
}

const JSONB_VERSION = 1;

/** PostgreSQL rounds to the declared scale without a word, so a decimal with more digits is refused. */
function findNumericEncoder(type: DataType, target: PostgresType): ValueEncoder | undefined {
  if (INTEGERS.has(type.kind)) return createIntegerToNumericEncoder();
  if (type.kind !== 'decimal') return undefined;
  const shape = numericShape(target);
  const loses = shape !== undefined && type.scale > shape.scale;
  return loses ? undefined : createDecimalEncoder(type.scale);
}

function castHint(type: DataType, target: PostgresType): string {
  const cast = CASTS[wireFormatOf(target) ?? 'text'];
  if (wireFormatOf(target) === undefined)
    return `Floe cannot write ${target.name} yet; use a column of another type`;
  if (type.kind === 'datetime' && cast !== undefined && target.name.startsWith('timestamp'))
    return type.timezone === null
      ? 'add .dt.replace_time_zone("UTC") in the transform'
      : 'add .dt.replace_time_zone(None) in the transform';
  const scale = numericShape(target)?.scale;
  if (wireFormatOf(target) === 'numeric' && scale !== undefined)
    return `add .cast(pl.Decimal(38, ${scale})) in the transform`;
  return `cast it in the transform: ${cast ?? '.cast(pl.String)'} makes it fit ${target.name}, but it is ${formatDataType(type)}`;
}

const CASTS: Readonly<Partial<Record<NonNullable<ReturnType<typeof wireFormatOf>>, string>>> = {
  bool: '.cast(pl.Boolean)',
  int2: '.cast(pl.Int16)',
  int4: '.cast(pl.Int32)',
  int8: '.cast(pl.Int64)',
  float4: '.cast(pl.Float32)',
  float8: '.cast(pl.Float64)',
  numeric: '.cast(pl.Decimal(38, 10))',
  bytea: '.cast(pl.Binary)',
  date: '.cast(pl.Date)',
  time: '.cast(pl.Time)',
  timestamp: '.cast(pl.Datetime("us"))',
  timestamptz: '.cast(pl.Datetime("us", "UTC"))',
};
