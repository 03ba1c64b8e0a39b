import { readBigInt, readBoolean, readNumber } from '../arrow/read-value.ts';
import type { ArrowColumn } from '../arrow/record-batch.ts';
import type { ValueEncoder } from './value-encoder.ts';

const WORD = 2 ** 32;

export const encodeBoolean: ValueEncoder = (column, row, output) => {
  const at = output.claim(5);
  output.view.setInt32(at, 1);
  output.view.setUint8(at + 4, readBoolean(column, row) ? 1 : 0);
  return undefined;
};

export const encodeInt2: ValueEncoder = (column, row, output) => {
  const value = readNumber(column, row);
  if (value < -32_768 || value > 32_767) return outOfRange(column, row, 'smallint');
  const at = output.claim(6);
  output.view.setInt32(at, 2);
  output.view.setInt16(at + 4, value);
  return undefined;
};

export const encodeInt4: ValueEncoder = (column, row, output) => {
  const value = readNumber(column, row);
  if (value < -2_147_483_648 || value > 2_147_483_647) return outOfRange(column, row, 'integer');
  const at = output.claim(8);
  output.view.setInt32(at, 4);
  output.view.setInt32(at + 4, value);
  return undefined;
};

export const encodeOid: ValueEncoder = (column, row, output) => {
  const value = readNumber(column, row);
  if (value < 0 || value > 4_294_967_295) return outOfRange(column, row, 'oid');
  const at = output.claim(8);
  output.view.setInt32(at, 4);
  output.view.setUint32(at + 4, value);
  return undefined;
};

export const encodeInt8: ValueEncoder = (column, row, output) => {
  const { view, field } = column;
  const isWide = field.width === 8;
  const narrow = isWide ? 0 : readNumber(column, row);
  const high = isWide ? view.getInt32(row * 8 + 4, true) : Math.floor(narrow / WORD);
  if (field.type.kind === 'uint64' && high < 0) return outOfRange(column, row, 'bigint');
  const low = isWide ? view.getUint32(row * 8, true) : narrow >>> 0;
  const at = output.claim(12);
  output.view.setInt32(at, 8);
  output.view.setInt32(at + 4, high);
  output.view.setUint32(at + 8, low);
  return undefined;
};

function outOfRange(column: ArrowColumn, row: number, type: string): string {
  return `${readBigInt(column, row)} is out of range for ${type}`;
}

export const encodeFloat4: ValueEncoder = (column, row, output) => {
  const at = output.claim(8);
  output.view.setInt32(at, 4);
  // The bits are copied, so that a NaN stays the one it is.
  if (column.field.type.kind === 'float32')
    output.view.setInt32(at + 4, column.view.getInt32(row * 4, true));
  else output.view.setFloat32(at + 4, readNumber(column, row));
  return undefined;
};

export const encodeFloat8: ValueEncoder = (column, row, output) => {
  const at = output.claim(12);
  output.view.setInt32(at, 8);
  if (column.field.type.kind === 'float64') {
    output.view.setInt32(at + 4, column.view.getInt32(row * 8 + 4, true));
    output.view.setInt32(at + 8, column.view.getInt32(row * 8, true));
  } else output.view.setFloat64(at + 4, readNumber(column, row));
  return undefined;
};
