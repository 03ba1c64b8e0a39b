import { FloeError, assert } from '@floe/errors';
import type { ColumnBuilder } from './column-builder.ts';

export type DecodedColumn = { readonly name: string; readonly builder: ColumnBuilder };

/** `batch_full`: take the batch and decode on. `more`: push the next piece. `ended`: the last row has been read. */
export type DecodeProgress = 'batch_full' | 'more' | 'ended';

export type BatchLimits = {
  readonly rows: number;
  /** Of the rows as they come. */
  readonly bytes: number;
};

const SIGNATURE = Buffer.from('PGCOPY\n\xff\r\n\0', 'latin1');
const HEADER_BYTES = SIGNATURE.length + 8;
const TRAILER = -1;
const INITIAL_SCRATCH_BYTES = 128 * 1024;

/**
 * Decodes PostgreSQL's binary COPY format (documentation of COPY, "Binary Format") from pieces that may end anywhere.
 *
 * It owns the bytes of at most one unfinished row, and the builders' current batch.
 * D1. Every split of the same bytes gives the same rows.
 * D2. A row is decoded only when all of it is there, so the builders always hold whole rows.
 * D3. A value that cannot be taken ends the decoding with the number of its row and the name of its column.
 * D4. A stream that stops before its trailer is an error, never a shorter table.
 */
export class CopyDecoder {
  readonly #columns: readonly DecodedColumn[];
  readonly #limits: BatchLimits;
  #bytes: Buffer = Buffer.alloc(0);
  #scratch: Buffer = Buffer.alloc(0);
  #start = 0;
  #end = 0;
  #hasHeader = false;
  #hasEnded = false;
  #rows = 0;
  #batchRows = 0;
  #batchBytes = 0;

  constructor(columns: readonly DecodedColumn[], limits: BatchLimits) {
    this.#columns = columns;
    this.#limits = limits;
  }

  get rows(): number {
    return this.#rows;
  }

  /** Rows in the builders; `startBatch` sets it back after they are taken. */
  get batchRows(): number {
    return this.#batchRows;
  }

  startBatch(): void {
    this.#batchRows = 0;
    this.#batchBytes = 0;
  }

  /** Takes the next piece. It must not change until `decode` has answered `more`. */
  push(piece: Buffer): void {
    assert(!this.#hasEnded || piece.length === 0, 'nothing follows the trailer of a COPY');
    if (this.#start === this.#end) [this.#bytes, this.#start, this.#end] = [piece, 0, piece.length];
    else this.#join(piece);
  }

  decode(): DecodeProgress {
    if (!this.#hasHeader && !this.#readHeader()) return 'more';
    while (!this.#hasEnded) {
      const rowEnd = this.#findRowEnd();
      if (rowEnd === undefined) return 'more';
      if (this.#hasEnded) break;
      this.#readRow();
      this.#batchBytes += rowEnd - this.#start;
      this.#start = rowEnd;
      if (this.#isBatchFull()) return 'batch_full';
    }
    return 'ended';
  }

  /** Call it after the last piece: D4. */
  assertEnded(): void {
    if (this.#hasEnded) return;
    throw new FloeError('CONNECTION_FAILED', `the COPY stream stopped after ${this.#rows} rows`, {
      hint: 'the connection was cut; try again',
    });
  }

  #isBatchFull(): boolean {
    return this.#batchRows >= this.#limits.rows || this.#batchBytes >= this.#limits.bytes;
  }

  #join(piece: Buffer): void {
    const kept = this.#end - this.#start;
    const needed = kept + piece.length;
    if (needed > this.#scratch.length) {
      const grown = Buffer.allocUnsafeSlow(Math.max(INITIAL_SCRATCH_BYTES, needed * 2));
      this.#bytes.copy(grown, 0, this.#start, this.#end);
      this.#scratch = grown;
    } else this.#bytes.copy(this.#scratch, 0, this.#start, this.#end);
    piece.copy(this.#scratch, kept);
    [this.#bytes, this.#start, this.#end] = [this.#scratch, 0, needed];
  }

  #readHeader(): boolean {
    if (this.#end - this.#start < HEADER_BYTES) return false;
    const signature = this.#bytes.subarray(this.#start, this.#start + SIGNATURE.length);
    assert(signature.equals(SIGNATURE), 'the stream is a binary COPY');
    const flags = this.#bytes.readInt32BE(this.#start + SIGNATURE.length);
    const extensionBytes = this.#bytes.readInt32BE(this.#start + SIGNATURE.length + 4);
    assert(flags === 0, 'a binary COPY has no flags that Floe does not know');
    if (this.#end - this.#start < HEADER_BYTES + extensionBytes) return false;
    this.#start += HEADER_BYTES + extensionBytes;
    this.#hasHeader = true;
    return true;
  }

  /** Where the row at the start ends; undefined when it is not all there. Sees the trailer. */
  #findRowEnd(): number | undefined {
    const bytes = this.#bytes;
    const end = this.#end;
    let at = this.#start + 2;
    if (at > end) return undefined;
    const count = bytes.readInt16BE(this.#start);
    if (count === TRAILER) {
      this.#hasEnded = true;
      this.#start = this.#end;
      return at;
    }
    assert(count === this.#columns.length, 'a COPY row has the columns that were described');
    for (let column = 0; column < count; column += 1) {
      if (at + 4 > end) return undefined;
      const length = bytes.readInt32BE(at);
      at += length > 0 ? 4 + length : 4;
    }
    return at > end ? undefined : at;
  }

  #readRow(): void {
    const bytes = this.#bytes;
    let at = this.#start + 2;
    this.#rows += 1;
    this.#batchRows += 1;
    for (const { name, builder } of this.#columns) {
      const length = bytes.readInt32BE(at);
      at += 4;
      if (length < 0) {
        builder.appendNull();
        continue;
      }
      const refusal = builder.append(bytes, at, length);
      if (refusal !== undefined) throw this.#refuse(name, refusal);
      at += length;
    }
  }

  #refuse(column: string, reason: string): FloeError {
    return new FloeError(
      'VALUE_INVALID',
      `the value of column "${column}" in row ${this.#rows} cannot be extracted: ${reason}`,
      {
        details: { column, row: String(this.#rows) },
        hint: `turn such values into NULL or text in the query, for example nullif(${column}, ...) or ${column}::text`,
      },
    );
  }
}
