import { viewOf } from '../view-of.ts';

/** Bytes as PostgreSQL sent them, seen in two ways. */
export type WireBytes = { readonly bytes: Buffer; readonly view: DataView };

/**
 * Where the values of one column lie in the bytes: one entry in `stride`, from `first` on. In front of each value
 * stands its length of four bytes. `NULL_PLACE` stands for NULL.
 */
export type Places = {
  readonly at: Int32Array;
  readonly first: number;
  readonly stride: number;
  readonly count: number;
};

export const NULL_PLACE = -1;

export function wireBytes(bytes: Buffer): WireBytes {
  return { bytes, view: viewOf(bytes) };
}

/** A value that cannot be taken: which of the places, and why, in words. */
export type Refusal = {
  readonly index: number;
  readonly reason: string;
  /** Its type holds values of another shape, which `unfit: text` does not turn into text. */
  readonly isOfShape?: boolean;
};

export function wrongLength(length: number, expected: number): string {
  return `its binary form has ${length} bytes instead of ${expected}`;
}
