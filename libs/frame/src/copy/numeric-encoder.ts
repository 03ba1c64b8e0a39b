import { readNumber } from '../arrow/read-value.ts';
import type { ArrowColumn } from '../arrow/record-batch.ts';
import type { CopyOutput } from './copy-output.ts';
import { MAX_NUMERIC_BYTES, NumericEncoder } from './numeric.ts';
import type { ValueEncoder } from './value-encoder.ts';

export function createDecimalEncoder(scale: number): ValueEncoder {
  const numeric = new NumericEncoder(scale);
  const words = new Int32Array(4);
  return ({ view }, row, output) => {
    for (let word = 0; word < 4; word += 1) words[word] = view.getInt32(row * 16 + word * 4, true);
    return writeNumeric(numeric, words, output);
  };
}

export function createIntegerToNumericEncoder(): ValueEncoder {
  const numeric = new NumericEncoder(0);
  const words = new Int32Array(4);
  return (column, row, output) => {
    readIntegerWords(column, row, words);
    return writeNumeric(numeric, words, output);
  };
}

function readIntegerWords(column: ArrowColumn, row: number, words: Int32Array): void {
  const { view, field } = column;
  const isWide = field.width === 8;
  const narrow = isWide ? 0 : readNumber(column, row);
  words[0] = isWide ? view.getInt32(row * 8, true) : narrow | 0;
  words[1] = isWide ? view.getInt32(row * 8 + 4, true) : Math.floor(narrow / 2 ** 32);
  const isNegative = field.type.kind !== 'uint64' && words[1] < 0;
  words[2] = words[3] = isNegative ? -1 : 0;
}

function writeNumeric(numeric: NumericEncoder, words: Int32Array, output: CopyOutput): undefined {
  const at = output.claim(4 + MAX_NUMERIC_BYTES);
  const length = numeric.encode(words, output.view, at + 4);
  output.view.setInt32(at, length);
  output.shrinkTo(at + 4 + length);
  return undefined;
}
