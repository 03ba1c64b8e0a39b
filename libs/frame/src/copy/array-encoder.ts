import { readOffset } from '../arrow/read-value.ts';
import { type ArrowColumn, isNull } from '../arrow/record-batch.ts';
import type { CopyOutput } from './copy-output.ts';
import type { ValueEncoder } from './value-encoder.ts';

const HEAD_BYTES = 12;
const DIMENSION_BYTES = 8;
/** PostgreSQL's `MAXDIM`. */
const DIMENSIONS_MAX = 6;

const RAGGED = 'its lists are of different lengths, and an array is rectangular';

/**
 * Lists as arrays (`array_recv` in PostgreSQL's arrayfuncs.c): lists in lists become one array of as many dimensions,
 * so that those of one level have the same length, and none of them is NULL.
 */
export function createArrayEncoder(elementOid: number, encodeElement: ValueEncoder): ValueEncoder {
  return (column, row, output) => {
    const sizes = sizesOf(column, row);
    if (typeof sizes === 'string') return sizes;
    const isEmpty = sizes.includes(0);
    if (isEmpty && sizes.length > 1 && sizes[0] !== 0)
      return 'it is a list of empty lists, which an array cannot be';
    const dimensions = isEmpty ? [] : sizes;
    const start = output.claim(4 + HEAD_BYTES + dimensions.length * DIMENSION_BYTES);
    writeHead(output.buffer, start + 4, { dimensions, elementOid });
    const refusal = isEmpty ? undefined : encodeList(column, row, output, encodeElement);
    output.view.setInt32(start, output.length - start - 4);
    return refusal;
  };
}

type Head = { readonly dimensions: readonly number[]; readonly elementOid: number };

/** PostgreSQL sees for itself whether elements are NULL. */
function writeHead(buffer: Buffer, at: number, { dimensions, elementOid }: Head): void {
  buffer.writeInt32BE(dimensions.length, at);
  buffer.writeInt32BE(0, at + 4);
  buffer.writeUInt32BE(elementOid, at + 8);
  dimensions.forEach((size, index) => {
    buffer.writeInt32BE(size, at + HEAD_BYTES + index * DIMENSION_BYTES);
    buffer.writeInt32BE(1, at + HEAD_BYTES + index * DIMENSION_BYTES + 4);
  });
}

/** The length of the lists of each level, or why they make no array. */
function sizesOf(column: ArrowColumn, row: number): readonly number[] | string {
  const sizes: number[] = [];
  let level: ArrowColumn = column;
  let [first, last] = [row, row + 1];
  while (level.field.type.kind === 'list') {
    if (sizes.length === DIMENSIONS_MAX) return `it nests deeper than ${DIMENSIONS_MAX} lists`;
    const size = first < last ? readOffset(level, first + 1) - readOffset(level, first) : 0;
    for (let list = first; list < last; list += 1) {
      if (isNull(level, list)) return 'a list in it is NULL, which a part of an array cannot be';
      if (readOffset(level, list + 1) - readOffset(level, list) !== size) return RAGGED;
    }
    sizes.push(size);
    if (first < last) [first, last] = [readOffset(level, first), readOffset(level, last)];
    level = level.children[0]!;
  }
  return sizes;
}

function encodeList(
  column: ArrowColumn,
  row: number,
  output: CopyOutput,
  encodeElement: ValueEncoder,
): string | undefined {
  const items = column.children[0]!;
  const isInnermost = items.field.type.kind !== 'list';
  const end = readOffset(column, row + 1);
  for (let item = readOffset(column, row); item < end; item += 1) {
    const refusal = isInnermost
      ? encodeItem(items, item, output, encodeElement)
      : encodeList(items, item, output, encodeElement);
    if (refusal !== undefined) return refusal;
  }
  return undefined;
}

function encodeItem(
  items: ArrowColumn,
  item: number,
  output: CopyOutput,
  encodeElement: ValueEncoder,
): string | undefined {
  if (!isNull(items, item)) return encodeElement(items, item, output);
  const at = output.claim(4);
  output.view.setInt32(at, -1);
  return undefined;
}
