import { type DataType, formatDataType } from '@floe/expression';
import { createArrayEncoder } from './array-encoder.ts';
import { createBytesEncoder, createUuidEncoder } from './bytes-encoder.ts';
import { convertThrough } from './convert-form.ts';
import { createDecimalEncoder, createIntegerToNumericEncoder } from './numeric-encoder.ts';
import { TEXT, TEXT_ARRAY } from './plain-types.ts';
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
import {
  isShortened,
  leavesFieldsOut,
  withinPrecision,
  withoutPrecision,
} from './time-precision.ts';
import { encodeDate, encodeTime, intervalEncoder, timestampEncoder } from './time-encoder.ts';

/**
 * How a column type goes into a table's column type: in its binary form, as text that PostgreSQL reads, or not at all,
 * with what mends it.
 */
export type EncoderChoice =
  | { readonly kind: 'encoder'; readonly encode: ValueEncoder }
  | { readonly kind: 'text'; readonly through: PostgresType }
  | { readonly kind: 'misfit'; readonly hint: string };

/** With `convert`, what fits no other way travels as it is and is converted by PostgreSQL. */
export function chooseEncoder(
  type: DataType,
  target: PostgresType,
  { convert = false }: { readonly convert?: boolean } = {},
): EncoderChoice {
  const encode = findEncoder(type, target);
  if (convert && encode !== undefined && isShortened(type, target))
    return { kind: 'text', through: withoutPrecision(target) };
  if (encode !== undefined) return { kind: 'encoder', encode };
  const through =
    findTextForm(type, target) ?? (convert ? convertThrough(type, target) : undefined);
  if (through !== undefined) return { kind: 'text', through };
  return { kind: 'misfit', hint: castHint(type, target) };
}

/** Types that an extract may bring as text, because Polars does not hold all of their values. */
const READ_FROM_TEXT: ReadonlySet<string> = new Set([
  'numeric',
  'date',
  'time',
  'timestamp',
  'timestamptz',
  'interval',
]);

/** Text goes into the types that an extract brings as text; of numbers, a typing error is more likely than a wish. */
function findTextForm(type: DataType, target: PostgresType): PostgresType | undefined {
  const isArray = target.element !== undefined;
  const format = wireFormatOf(target.element ?? target);
  if (format !== undefined && !READ_FROM_TEXT.has(format)) return undefined;
  if (!isArray) return isTextType(type) ? TEXT : undefined;
  return type.kind === 'list' && isTextType(innermost(type)) ? TEXT_ARRAY : undefined;
}

function innermost(type: DataType): DataType {
  return type.kind === 'list' ? innermost(type.inner) : type;
}

function isTextType(type: DataType): boolean {
  return type.kind === 'string' || type.kind === 'categorical';
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
  if (type.kind === 'list') return findArrayEncoder(type, target);
  const isText = isTextType(type);
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
      return type.kind === 'time' ? withinPrecision(encodeTime, type, target) : undefined;
    case 'timestamp':
      return type.kind === 'datetime' && type.timezone === null
        ? withinPrecision(timestampEncoder(type.unit), type, target)
        : undefined;
    case 'timestamptz':
      return type.kind === 'datetime' && type.timezone !== null
        ? withinPrecision(timestampEncoder(type.unit), type, target)
        : undefined;
    case 'interval':
      return type.kind === 'duration' && !leavesFieldsOut(target)
        ? withinPrecision(intervalEncoder(type.unit), type, target)
        : undefined;
  }
}

const JSONB_VERSION = 1;

function findArrayEncoder(type: DataType, target: PostgresType): ValueEncoder | undefined {
  const { element, elementOid } = target;
  if (element === undefined || elementOid === undefined) return undefined;
  const encode = findEncoder(innermost(type), element);
  return encode === undefined ? undefined : createArrayEncoder(elementOid, encode);
}

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
    return `make it the text that PostgreSQL reads as ${target.name}, with .cast(pl.String)`;
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
