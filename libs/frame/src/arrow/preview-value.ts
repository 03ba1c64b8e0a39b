import { assertNever } from '@floe/errors';
import type { TimeUnit } from '@floe/expression';
import {
  type ByteSpan,
  createByteSpan,
  locateBytes,
  readBigInt,
  readBoolean,
  readDecimal,
  readNumber,
  readOffset,
} from './read-value.ts';
import { type ArrowColumn, isNull } from './record-batch.ts';

/** A value for people and JSON: what JSON numbers cannot hold exactly is text. */
export type PreviewValue =
  | null
  | boolean
  | number
  | string
  | readonly PreviewValue[]
  | { readonly [name: string]: PreviewValue };

const DAY_MS = 86_400_000;

/**
 * Integers beyond 2^53, decimals, NaN and infinities become text; dates and times ISO 8601; binaries `\x` and hex, as
 * PostgreSQL writes them.
 */
export function previewValue(column: ArrowColumn, row: number): PreviewValue {
  if (isNull(column, row)) return null;
  const { type } = column.field;
  switch (type.kind) {
    case 'boolean':
      return readBoolean(column, row);
    case 'int64':
    case 'uint64':
      return previewInteger(readBigInt(column, row));
    case 'int8':
    case 'int16':
    case 'int32':
    case 'uint8':
    case 'uint16':
    case 'uint32':
      return readNumber(column, row);
    case 'float32':
    case 'float64':
      return previewFloat(readNumber(column, row));
    case 'decimal':
      return withPoint(readDecimal(column, row), type.scale);
    case 'string':
    case 'categorical':
      return readBytes(column, row).toString('utf8');
    case 'binary':
      return `\\x${readBytes(column, row).toString('hex')}`;
    case 'date':
      return isoDate(readNumber(column, row));
    case 'time':
      return timeOfDay(readBigInt(column, row), 9);
    case 'datetime':
      return previewDatetime(readBigInt(column, row), type.unit, type.timezone);
    case 'duration':
      return `${withPoint(readBigInt(column, row), DIGITS[type.unit])} s`;
    case 'list':
      return previewList(column, row);
    case 'array':
      return previewArray(column, row, type.width);
    case 'struct':
      return Object.fromEntries(
        column.children.map((child) => [child.field.name, previewValue(child, row)]),
      );
    case 'null':
    case 'unknown':
      return null;
    default:
      return assertNever(type);
  }
}

function readBytes(column: ArrowColumn, row: number): Buffer {
  const span: ByteSpan = createByteSpan();
  locateBytes(column, row, span);
  return span.source.subarray(span.at, span.at + span.length);
}

function previewInteger(value: bigint): number | string {
  const number = Number(value);
  return Number.isSafeInteger(number) ? number : String(value);
}

function previewFloat(value: number): number | string {
  return Number.isFinite(value) ? value : String(value);
}

function withPoint(value: bigint, scale: number): string {
  if (scale === 0) return String(value);
  const digits = String(value < 0n ? -value : value).padStart(scale + 1, '0');
  const sign = value < 0n ? '-' : '';
  return `${sign}${digits.slice(0, -scale)}.${digits.slice(-scale)}`;
}

function isoDate(days: number): string {
  const date = new Date(days * DAY_MS);
  if (Number.isNaN(date.getTime())) return `day ${days} since 1970-01-01`;
  return date.toISOString().replace(/T.*/, '');
}

/** Digits after the point of a second. */
const DIGITS: Readonly<Record<TimeUnit, number>> = { ms: 3, us: 6, ns: 9 };

function previewDatetime(value: bigint, unit: TimeUnit, timezone: string | null): string {
  const perDay = 86_400n * 10n ** BigInt(DIGITS[unit]);
  const inDay = ((value % perDay) + perDay) % perDay;
  const date = isoDate(Number((value - inDay) / perDay));
  return `${date}T${timeOfDay(inDay, DIGITS[unit])}${timezone === null ? '' : 'Z'}`;
}

function timeOfDay(value: bigint, digits: number): string {
  const perSecond = 10n ** BigInt(digits);
  const seconds = Number(value / perSecond);
  const parts = [Math.floor(seconds / 3600), Math.floor(seconds / 60) % 60, seconds % 60];
  const clock = parts.map((part) => String(part).padStart(2, '0')).join(':');
  const fraction = String(value % perSecond)
    .padStart(digits, '0')
    .replace(/0+$/, '');
  return fraction === '' ? clock : `${clock}.${fraction}`;
}

function previewArray(column: ArrowColumn, row: number, width: number): PreviewValue[] {
  const [items] = column.children;
  if (items === undefined) return [];
  return Array.from({ length: width }, (_, index) => previewValue(items, row * width + index));
}

function previewList(column: ArrowColumn, row: number): PreviewValue[] {
  const [items] = column.children;
  if (items === undefined) return [];
  const start = readOffset(column, row);
  return Array.from({ length: readOffset(column, row + 1) - start }, (_, index) =>
    previewValue(items, start + index),
  );
}
