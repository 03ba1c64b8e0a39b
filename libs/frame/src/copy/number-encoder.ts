import { readBigInt, readBoolean, readNumber } from '../arrow/read-value.ts';
import type { ArrowColumn } from '../arrow/record-batch.ts';
import type { ValueEncoder } from './value-encoder.ts';

const WORD = 2 ** 32;

export const encodeBoolean: ValueEncoder = (column, row, output) => {
  const at = output.claim(5);
  output.buffer.writeInt32BE(1, at);
  output.buffer.writeUInt8(readBoolean(column, row) ? 1 : 0, at + 4);
  return undefined;
};

export const encodeInt2: ValueEncoder = (column, row, output) => {
  const value = readNumber(column, row);
  if (value < -32_768 || value > 32_767) return outOfRange(column, row, 'smallint');
  const at = output.claim(6);
  output.buffer.writeInt32BE(2, at);
  output.buffer.writeInt16BE(value, at + 4);
  return undefined;
};

export const encodeInt4: ValueEncoder = (column, row, output) => {
  const value = readNumber(column, row);
  if (value < -2_147_483_648 || value > 2_147_483_647) return outOfRange(column, row, 'integer');
  const at = output.claim(8);
  output.buffer.writeInt32BE(4, at);
  output.buffer.writeInt32BE(value, at + 4);
  return undefined;
};

export const encodeOid: ValueEncoder = (column, row, output) => {
  const value = readNumber(column, row);
  if (value < 0 || value > 4_294_967_295) return outOfRange(column, row, 'oid');
  const at = output.claim(8);
  output.buffer.writeInt32BE(4, at);
  output.buffer.writeUInt32BE(value, at + 4);
  return undefined;
};

export const encodeInt8: ValueEncoder = (column, row, output) => {
  const { values, field } = column;
  const isWide = field.width === 8;
  const narrow = isWide ? 0 : readNumber(column, row);
  const high = isWide ? values.readInt32LE(row * 8 + 4) : Math.floor(narrow / WORD);
  if (field.type.kind === 'uint64' && high < 0) return outOfRange(column, row, 'bigint');
  const low = isWide ? values.readUInt32LE(row * 8) : narrow >>> 0;
  const at = output.claim(12);
  output.buffer.writeInt32BE(8, at);
  output.buffer.writeInt32BE(high, at + 4);
  output.buffer.writeUInt32BE(low, at + 8);
  return undefined;
};

function outOfRange(column: ArrowColumn, row: number, type: string): string {
  return `${readBigInt(column, row)} is out of range for ${type}`;
}

export const encodeFloat4: ValueEncoder = (column, row, output) => {
  const at = output.claim(8);
  output.buffer.writeInt32BE(4, at);
  // The bits are copied, so that a NaN stays the one it is.
  if (column.field.type.kind === 'float32')
    output.buffer.writeInt32BE(column.values.readInt32LE(row * 4), at + 4);
  else output.buffer.writeFloatBE(readNumber(column, row), at + 4);
  return undefined;
};

export const encodeFloat8: ValueEncoder = (column, row, output) => {
  const at = output.claim(12);
  output.buffer.writeInt32BE(8, at);
  if (column.field.type.kind === 'float64') {
    output.buffer.writeInt32BE(column.values.readInt32LE(row * 8 + 4), at + 4);
    output.buffer.writeInt32BE(column.values.readInt32LE(row * 8), at + 8);
  } else output.buffer.writeDoubleBE(readNumber(column, row), at + 4);
  return undefined;
};
