import { FloeError } from '@floe/errors';
import type { ArrowColumn } from './record-batch.ts';

/** Where the bytes of a string or binary lie. One object serves many reads. */
export type ByteSpan = { source: Buffer; at: number; length: number };

const VIEW_BYTES = 16;
const INLINE_BYTES = 12;
const EMPTY = Buffer.alloc(0);

export function createByteSpan(): ByteSpan {
  return { source: EMPTY, at: 0, length: 0 };
}

/** Points the span at a string or binary that is not NULL; a categorical's key leads to its dictionary. */
export function locateBytes(column: ArrowColumn, row: number, span: ByteSpan): void {
  if (column.dictionary !== undefined)
    return locateBytes(column.dictionary, readNumber(column, row), span);
  switch (column.field.layout) {
    case 'view':
      return locateView(column, row, span);
    case 'offsets32':
    case 'offsets64':
      span.source = column.data[0] ?? EMPTY;
      span.at = readOffset(column, row);
      span.length = readOffset(column, row + 1) - span.at;
      return undefined;
    default:
      throw new FloeError('INTERNAL', `column "${column.field.name}" holds no bytes`);
  }
}

function locateView(column: ArrowColumn, row: number, span: ByteSpan): void {
  const view = row * VIEW_BYTES;
  span.length = column.values.readInt32LE(view);
  if (span.length <= INLINE_BYTES) {
    span.source = column.values;
    span.at = view + 4;
    return;
  }
  span.source = column.data[column.values.readInt32LE(view + 8)] ?? EMPTY;
  span.at = column.values.readInt32LE(view + 12);
}

/** Offsets of strings, binaries and lists. */
export function readOffset(column: ArrowColumn, row: number): number {
  const { layout } = column.field;
  if (layout === 'offsets64' || layout === 'list64')
    return column.values.readUInt32LE(row * 8 + 4) * 2 ** 32 + column.values.readUInt32LE(row * 8);
  return column.values.readInt32LE(row * 4);
}

export function readBoolean(column: ArrowColumn, row: number): boolean {
  return ((column.values[row >> 3]! >> (row & 7)) & 1) === 1;
}

/** Integers and floats. Those of 64 bits are rounded beyond 2^53: `readBigInt` is exact. */
export function readNumber(column: ArrowColumn, row: number): number {
  const { values } = column;
  const { type, width, dictionary } = column.field;
  if (dictionary !== undefined) return values.readUIntLE(row * width, width);
  switch (type.kind) {
    case 'int8':
      return values.readInt8(row);
    case 'uint8':
      return values.readUInt8(row);
    case 'int16':
      return values.readInt16LE(row * 2);
    case 'uint16':
      return values.readUInt16LE(row * 2);
    case 'int32':
    case 'date':
      return values.readInt32LE(row * 4);
    case 'uint32':
      return values.readUInt32LE(row * 4);
    case 'float32':
      return values.readFloatLE(row * 4);
    case 'float64':
      return values.readDoubleLE(row * 8);
    case 'uint64':
      return values.readUInt32LE(row * 8 + 4) * 2 ** 32 + values.readUInt32LE(row * 8);
    default:
      return values.readInt32LE(row * 8 + 4) * 2 ** 32 + values.readUInt32LE(row * 8);
  }
}

export function readBigInt(column: ArrowColumn, row: number): bigint {
  if (column.field.width < 8) return BigInt(readNumber(column, row));
  if (column.field.type.kind === 'uint64') return column.values.readBigUInt64LE(row * 8);
  return column.values.readBigInt64LE(row * 8);
}

/** A decimal without its point: the value times 10^scale. */
export function readDecimal(column: ArrowColumn, row: number): bigint {
  const low = column.values.readBigUInt64LE(row * 16);
  return (column.values.readBigInt64LE(row * 16 + 8) << 64n) | low;
}
