import type { ColumnBuffers } from '../arrow/ipc-file-writer.ts';
import type { Places, Refusal, WireBytes } from './wire-values.ts';

/**
 * Collects the values of one column of a record batch from their binary COPY form, a run of rows at a time: the loop
 * over the rows of one type is what the compiler makes fast.
 */
export type ColumnBuilder = {
  /** Takes all values of the places, or tells the first that cannot be taken. */
  append(wire: WireBytes, places: Places): Refusal | undefined;
  /** The batch. Its buffers are the builder's own: they are good until the next append, which starts a new batch. */
  take(): ColumnBuffers;
};

export type BuilderOptions = {
  /** For servers that store bytes without an encoding: every text is checked. */
  readonly checkUtf8: boolean;
  /** Values that Polars cannot hold become NULL, and this is told of each; without it they are refused. */
  readonly onUnfit?: () => void;
};
