import type { ColumnBuffers } from '../arrow/ipc-file-writer.ts';
import type { BuilderOptions, ColumnBuilder } from './column-builder.ts';
import { Validity } from './validity.ts';
import { NULL_PLACE, type Places, type Refusal, type WireBytes } from './wire-values.ts';

/** Bytes of an array's head, then of each dimension: its size and the subscript of its first element. */
const HEAD_BYTES = 12;
const DIMENSION_BYTES = 8;

/**
 * Arrays as lists (`array_send` in PostgreSQL's arrayfuncs.c). An array of n dimensions is lists in lists, n deep.
 *
 * The elements of all arrays of a run are first collected as places, so that their own builder takes them in one loop.
 */
export class ListBuilder {
  readonly #elements: ColumnBuilder;
  readonly #levels: readonly OffsetLevel[];
  readonly #onUnfit: (() => void) | undefined;
  #places = new Int32Array(0);
  #placeCount = 0;
  #isNewBatch = true;

  constructor(elements: ColumnBuilder, dimensions: number, { onUnfit }: BuilderOptions) {
    this.#elements = elements;
    this.#levels = Array.from({ length: dimensions }, () => new OffsetLevel());
    this.#onUnfit = onUnfit;
  }

  append(wire: WireBytes, places: Places): Refusal | undefined {
    if (this.#isNewBatch) for (const level of this.#levels) level.reset();
    this.#isNewBatch = false;
    this.#placeCount = 0;
    const { at: placeOf, first, stride, count } = places;
    for (let index = 0; index < count; index += 1) {
      const reason = this.#appendArray(wire.view, placeOf[first + index * stride]!);
      if (reason !== undefined) return { index, reason, isOfShape: true };
    }
    return this.#appendElements(wire, places);
  }

  take(): ColumnBuffers {
    this.#isNewBatch = true;
    return this.#levels.reduceRight<ColumnBuffers>(
      (inner, level) => level.take(inner),
      this.#elements.take(),
    );
  }

  #appendArray(view: DataView, at: number): string | undefined {
    const outer = this.#levels[0]!;
    const dimensions = at === NULL_PLACE ? 0 : view.getInt32(at);
    const reason = dimensions === 0 ? undefined : this.#whyNot(view, at, dimensions);
    if (reason !== undefined && this.#onUnfit === undefined) return reason;
    if (reason !== undefined) this.#onUnfit?.();
    if (at === NULL_PLACE || reason !== undefined) outer.appendNull();
    // PostgreSQL's empty array has no dimensions.
    else if (dimensions === 0) outer.append(0);
    else this.#appendLists(view, at);
    return undefined;
  }

  #whyNot(view: DataView, at: number, dimensions: number): string | undefined {
    if (dimensions !== this.#levels.length)
      return `it has ${dimensions} dimensions instead of ${this.#levels.length}`;
    for (let dimension = 0; dimension < dimensions; dimension += 1) {
      const lower = view.getInt32(at + HEAD_BYTES + dimension * DIMENSION_BYTES + 4);
      if (lower !== 1) return `its subscripts begin at ${lower}, those of a list at 1`;
    }
    return undefined;
  }

  #appendLists(view: DataView, at: number): void {
    let lists = 1;
    this.#levels.forEach((level, dimension) => {
      const size = view.getInt32(at + HEAD_BYTES + dimension * DIMENSION_BYTES);
      for (let list = 0; list < lists; list += 1) level.append(size);
      lists *= size;
    });
    this.#collect(view, at + HEAD_BYTES + this.#levels.length * DIMENSION_BYTES, lists);
  }

  /** The places of the elements, which follow one another with their lengths. */
  #collect(view: DataView, start: number, count: number): void {
    this.#reserve(count);
    let at = start;
    for (let element = 0; element < count; element += 1) {
      const length = view.getInt32(at);
      at += 4;
      this.#places[this.#placeCount++] = length < 0 ? NULL_PLACE : at;
      at += Math.max(0, length);
    }
  }

  #reserve(count: number): void {
    const needed = this.#placeCount + count;
    if (needed <= this.#places.length) return;
    const grown = new Int32Array(Math.max(needed, this.#places.length * 2));
    grown.set(this.#places);
    this.#places = grown;
  }

  #appendElements(wire: WireBytes, arrays: Places): Refusal | undefined {
    const places = { at: this.#places, first: 0, stride: 1, count: this.#placeCount };
    const refusal = this.#elements.append(wire, places);
    if (refusal === undefined) return undefined;
    const index = findArrayOf(refusal.index, wire.view, arrays);
    return { index, reason: `of an element, ${refusal.reason}` };
  }
}

/** Which of the arrays holds an element, counted over all of them. */
function findArrayOf(element: number, view: DataView, arrays: Places): number {
  let seen = 0;
  for (let index = 0; index < arrays.count; index += 1) {
    const at = arrays.at[arrays.first + index * arrays.stride]!;
    if (at === NULL_PLACE) continue;
    const dimensions = view.getInt32(at);
    let size = dimensions === 0 ? 0 : 1;
    for (let dimension = 0; dimension < dimensions; dimension += 1)
      size *= view.getInt32(at + HEAD_BYTES + dimension * DIMENSION_BYTES);
    seen += size;
    if (element < seen) return index;
  }
  return 0;
}

/** Where each list of one level ends, and which are NULL. Offsets have 64 bits; so many elements no batch has. */
class OffsetLevel {
  readonly #validity = new Validity();
  #offsets = new Int32Array(2);
  #rows = 0;
  #end = 0;

  reset(): void {
    this.#validity.reset();
    this.#rows = 0;
    this.#end = 0;
  }

  appendNull(): void {
    this.append(0);
    this.#validity.clear(this.#rows - 1);
  }

  append(size: number): void {
    this.#rows += 1;
    this.#end += size;
    this.#validity.reserve(this.#rows);
    const needed = 2 * (this.#rows + 1);
    if (needed > this.#offsets.length) {
      const grown = new Int32Array(needed * 2);
      grown.set(this.#offsets);
      this.#offsets = grown;
    }
    this.#offsets[2 * this.#rows] = this.#end;
  }

  take(inner: ColumnBuffers): ColumnBuffers {
    const length = this.#rows;
    const offsets = Buffer.from(this.#offsets.buffer, 0, 8 * (length + 1));
    const { nullCount } = this.#validity;
    return {
      length,
      nullCount,
      buffers: [this.#validity.buffer(length), offsets],
      children: [inner],
    };
  }
}
