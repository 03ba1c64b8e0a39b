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
  const at = row * VIEW_BYTES;
  span.length = column.view.getInt32(at, true);
  if (span.length <= INLINE_BYTES) {
    span.source = column.values;
    span.at = at + 4;
    return;
  }
  span.source = column.data[column.view.getInt32(at + 8, true)] ?? EMPTY;
  span.at = column.view.getInt32(at + 12, true);
}

/** Offsets of strings, binaries and lists. */
export function readOffset(column: ArrowColumn, row: number): number {
  const { layout } = column.field;
  if (layout === 'offsets64' || layout === 'list64')
    return (
      column.view.getUint32(row * 8 + 4, true) * 2 ** 32 + column.view.getUint32(row * 8, true)
    );
  return column.view.getInt32(row * 4, true);
}

export function readBoolean(column: ArrowColumn, row: number): boolean {
  return ((column.values[row >> 3]! >> (row & 7)) & 1) === 1;
}

/** Integers and floats. Those of 64 bits are rounded beyond 2^53: `readBigInt` is exact. */
export function readNumber(column: ArrowColumn, row: number): number {
  const { view } = column;
  const { type, width, dictionary } = column.field;
  if (dictionary !== undefined) return column.values.readUIntLE(row * width, width);
  switch (type.kind) {
    case 'int8':
      return view.getInt8(row);
    case 'uint8':
      return view.getUint8(row);
    case 'int16':
      return view.getInt16(row * 2, true);
    case 'uint16':
      return view.getUint16(row * 2, true);
    case 'int32':
    case 'date':
      return view.getInt32(row * 4, true);
    case 'uint32':
      return view.getUint32(row * 4, true);
    case 'float32':
      return view.getFloat32(row * 4, true);
    case 'float64':
      return view.getFloat64(row * 8, true);
    case 'uint64':
      return view.getUint32(row * 8 + 4, true) * 2 ** 32 + view.getUint32(row * 8, true);
    default:
      return view.getInt32(row * 8 + 4, true) * 2 ** 32 + view.getUint32(row * 8, true);
  }
}

export function readBigInt(column: ArrowColumn, row: number): bigint {
  if (column.field.width < 8) return BigInt(readNumber(column, row));
  if (column.field.type.kind === 'uint64') return column.view.getBigUint64(row * 8, true);
  return column.view.getBigInt64(row * 8, true);
}

/** A decimal without its point: the value times 10^scale. */
export function readDecimal(column: ArrowColumn, row: number): bigint {
  const low = column.view.getBigUint64(row * 16, true);
  return (column.view.getBigInt64(row * 16 + 8, true) << 64n) | low;
}
