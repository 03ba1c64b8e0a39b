import type { ColumnBuffers } from '../arrow/ipc-file-writer.ts';
import { Validity } from './validity.ts';
import {
  NULL_PLACE,
  type Places,
  type Refusal,
  type WireBytes,
  wrongLength,
} from './wire-values.ts';

/** Booleans, a bit each. */
export class BooleanBuilder {
  readonly #validity = new Validity();
  #bits = Buffer.alloc(0);
  #rows = 0;

  append({ bytes, view }: WireBytes, places: Places): Refusal | undefined {
    this.#startBatch(places.count);
    const { at: placeOf, first, stride, count } = places;
    for (let index = 0; index < count; index += 1) {
      const at = placeOf[first + index * stride]!;
      const row = this.#rows + index;
      if (at === NULL_PLACE) this.#validity.clear(row);
      else if (view.getInt32(at - 4) !== 1)
        return { index, reason: wrongLength(view.getInt32(at - 4), 1) };
      else if (bytes[at] !== 0) this.#bits[row >> 3]! |= 1 << (row & 7);
    }
    this.#rows += count;
    return undefined;
  }

  take(): ColumnBuffers {
    const length = this.#rows;
    const values = this.#bits.subarray(0, (length + 7) >> 3);
    this.#rows = 0;
    const { nullCount } = this.#validity;
    return { length, nullCount, buffers: [this.#validity.buffer(length), values] };
  }

  #startBatch(more: number): void {
    if (this.#rows === 0) {
      this.#validity.reset();
      this.#bits.fill(0);
    }
    const rows = this.#rows + more;
    this.#validity.reserve(rows);
    if (rows <= this.#bits.length * 8) return;
    const grown = Buffer.alloc(Math.max((rows + 7) >> 3, this.#bits.length * 2));
    this.#bits.copy(grown);
    this.#bits = grown;
  }
}
