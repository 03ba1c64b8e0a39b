import type { ColumnBuffers } from '../arrow/ipc-file-writer.ts';
import type { BuilderOptions } from './column-builder.ts';
import { Validity } from './validity.ts';
import type { Places, Refusal, WireBytes } from './wire-values.ts';

/** The values of a column under construction, seen at two widths. Arrow is little-endian, as are our machines. */
export type FixedTarget = {
  readonly validity: Validity;
  int16: Int16Array;
  int32: Int32Array;
  /** Where the first of the places goes. */
  row: number;
};

/** Takes the values of the places from index `from` on; stops at one that it cannot take. */
export type FixedLoop = (
  target: FixedTarget,
  wire: WireBytes,
  places: Places,
  from: number,
) => Refusal | undefined;

export type FixedFormat = { readonly width: number; readonly loop: FixedLoop };

/** Values of one width. */
export class FixedBuilder {
  readonly #width: number;
  readonly #loop: FixedLoop;
  readonly #onUnfit: (() => void) | undefined;
  readonly #target: FixedTarget = {
    validity: new Validity(),
    int16: new Int16Array(0),
    int32: new Int32Array(0),
    row: 0,
  };
  #values = Buffer.alloc(0);

  constructor({ width, loop }: FixedFormat, { onUnfit }: BuilderOptions) {
    this.#width = width;
    this.#loop = loop;
    this.#onUnfit = onUnfit;
  }

  append(wire: WireBytes, places: Places): Refusal | undefined {
    this.#startBatch(places.count);
    const target = this.#target;
    for (let from = 0; ;) {
      const refusal = this.#loop(target, wire, places, from);
      if (refusal === undefined) break;
      if (this.#onUnfit === undefined) return refusal;
      this.#onUnfit();
      target.validity.clear(target.row + refusal.index);
      from = refusal.index + 1;
    }
    target.row += places.count;
    return undefined;
  }

  take(): ColumnBuffers {
    const { validity, row: length } = this.#target;
    const values = this.#values.subarray(0, length * this.#width);
    this.#target.row = 0;
    return { length, nullCount: validity.nullCount, buffers: [validity.buffer(length), values] };
  }

  #startBatch(more: number): void {
    const target = this.#target;
    if (target.row === 0) target.validity.reset();
    const rows = target.row + more;
    target.validity.reserve(rows);
    if (rows * this.#width <= this.#values.length) return;
    const bytes = Math.max(rows * this.#width, this.#values.length * 2);
    const memory = new ArrayBuffer(Math.ceil(bytes / 4) * 4);
    const grown = Buffer.from(memory);
    this.#values.copy(grown);
    this.#values = grown;
    target.int16 = new Int16Array(memory);
    target.int32 = new Int32Array(memory);
  }
}
