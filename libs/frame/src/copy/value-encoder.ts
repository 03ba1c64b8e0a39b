import type { ArrowColumn } from '../arrow/record-batch.ts';
import type { CopyOutput } from './copy-output.ts';

/** Writes a value that is not NULL with its length. Returns why it cannot, in words, or undefined. */
export type ValueEncoder = (
  column: ArrowColumn,
  row: number,
  output: CopyOutput,
) => string | undefined;
