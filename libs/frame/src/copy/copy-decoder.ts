import { FloeError, assert } from '@floe/errors';
import type { ColumnBuilder } from '../columns/column-builder.ts';
import { NULL_PLACE, type Refusal, wireBytes } from '../columns/wire-values.ts';

export type DecodedColumn = { readonly name: string; readonly builder: ColumnBuilder };

const SIGNATURE = Buffer.from('PGCOPY\n\xff\r\n\0', 'latin1');
const HEADER_BYTES = SIGNATURE.length + 8;
const TRAILER = -1;
/** The letter of a CopyData message and its length. */
const FRAME_BYTES = 5;

/**
 * Decodes PostgreSQL's binary COPY format (documentation of COPY, "Binary Format") from the CopyData messages of the
 * server, which sends one for each row ("COPY Operations" of the frontend/backend protocol).
 *
 * First the places of all values of a run of messages are noted, then each column takes its values in one loop.
 *
 * It owns the builders' current batch.
 * D1. The runs may be cut anywhere between messages: the same messages give the same rows.
 * D2. The builders hold whole rows between two calls.
 * D3. A value that cannot be taken ends the decoding with the number of its row and the name of its column.
 * D4. A stream that stops before its trailer is an error, never a shorter table.
 */
export class CopyDecoder {
  readonly #columns: readonly DecodedColumn[];
  #places = new Int32Array(0);
  #placeCount = 0;
  #hasHeader = false;
  #hasEnded = false;
  #rows = 0;
  #batchRows = 0;

  constructor(columns: readonly DecodedColumn[]) {
    this.#columns = columns;
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
  }

  /** Takes whole CopyData messages, with their frames. The bytes are good until it returns. */
  push(messages: Buffer): void {
    const wire = wireBytes(messages);
    this.#placeCount = 0;
    this.#findPlaces(wire.view, messages);
    const stride = this.#columns.length;
    const count = stride === 0 ? 0 : this.#placeCount / stride;
    this.#columns.forEach(({ name, builder }, first) => {
      const refusal = builder.append(wire, { at: this.#places, first, stride, count });
      if (refusal !== undefined) throw this.#refuse(name, refusal);
    });
    this.#rows += count;
    this.#batchRows += count;
  }

  /** Call it after the last message: D4. Another COPY of the same columns may follow. */
  endCopy(): void {
    if (!this.#hasEnded)
      throw new FloeError('CONNECTION_FAILED', `the COPY stream stopped after ${this.#rows} rows`, {
        hint: 'the connection was cut; try again',
      });
    this.#hasHeader = false;
    this.#hasEnded = false;
  }

  #findPlaces(view: DataView, messages: Buffer): void {
    const end = view.byteLength;
    for (let at = 0; at < end;) {
      const messageEnd = at + 1 + view.getInt32(at + 1);
      let payload = at + FRAME_BYTES;
      if (!this.#hasHeader) payload += this.#readHeader(messages.subarray(payload, messageEnd));
      if (payload < messageEnd) this.#findRow(view, payload, messageEnd);
      at = messageEnd;
    }
  }

  #findRow(view: DataView, start: number, end: number): void {
    assert(!this.#hasEnded, 'nothing follows the trailer of a COPY');
    const count = view.getInt16(start);
    if (count === TRAILER) {
      this.#hasEnded = true;
      return;
    }
    assert(count === this.#columns.length, 'a COPY row has the columns that were described');
    if (this.#placeCount + count > this.#places.length) this.#growPlaces(count);
    const places = this.#places;
    let place = this.#placeCount;
    let at = start + 2;
    for (let column = 0; column < count; column += 1) {
      const length = view.getInt32(at);
      at += 4;
      if (length < 0) places[place++] = NULL_PLACE;
      else {
        places[place++] = at;
        at += length;
      }
    }
    assert(at === end, 'a message of a COPY holds one row');
    this.#placeCount = place;
  }

  #growPlaces(count: number): void {
    const grown = new Int32Array(Math.max(this.#placeCount + count, this.#places.length * 2));
    grown.set(this.#places);
    this.#places = grown;
  }

  /** Returns its size. */
  #readHeader(payload: Buffer): number {
    assert(payload.length >= HEADER_BYTES, 'a binary COPY begins with its header');
    assert(payload.subarray(0, SIGNATURE.length).equals(SIGNATURE), 'the stream is a binary COPY');
    const flags = payload.readInt32BE(SIGNATURE.length);
    assert(flags === 0, 'a binary COPY has no flags that Floe does not know');
    this.#hasHeader = true;
    return HEADER_BYTES + payload.readInt32BE(SIGNATURE.length + 4);
  }

  #refuse(column: string, { index, reason, isOfShape }: Refusal): FloeError {
    const row = this.#rows + index + 1;
    return new FloeError(
      'VALUE_INVALID',
      `the value of column "${column}" in row ${row} cannot be extracted: ${reason}`,
      {
        details: { column, row: String(row) },
        hint: isOfShape === true ? hintOfShape(column) : hintOfUnfit(column),
      },
    );
  }
}

function hintOfUnfit(column: string): string {
  return (
    `set unfit: null to turn such values into NULL, or unfit: text to get columns that may have them as text; ` +
    `or mend them in the query, for example nullif(${column}, ...)`
  );
}

function hintOfShape(column: string): string {
  return `set unfit: null to turn such values into NULL, or get the column as text: cast(${column} as text) as ${column}`;
}
