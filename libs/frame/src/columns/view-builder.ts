import { isUtf8 } from 'node:buffer';
import type { ColumnBuffers } from '../arrow/ipc-file-writer.ts';
import type { WireFormat } from '../copy/postgres-types.ts';
import type { BuilderOptions } from './column-builder.ts';
import { GrowingBytes } from './growing-bytes.ts';
import { Validity } from './validity.ts';
import {
  NULL_PLACE,
  type Places,
  type Refusal,
  type WireBytes,
  wrongLength,
} from './wire-values.ts';

/** A view has four words: the size, then the bytes, or their first four, the buffer and the place of the rest. */
const VIEW_WORDS = 4;
/** Values up to this size lie in the view itself. */
const INLINE_BYTES = 12;
const UUID_BYTES = 16;
const UUID_TEXT_BYTES = 36;
const JSONB_VERSION = 1;

/** For each size of an inline value: which bits of its three words belong to it. */
const INLINE_MASKS = Int32Array.from({ length: 3 * (INLINE_BYTES + 1) }, (_, index) => {
  const bytes = Math.min(4, Math.max(0, Math.floor(index / 3) - 4 * (index % 3)));
  return bytes === 4 ? -1 : 2 ** (8 * bytes) - 1;
});

/** Strings and binaries as Arrow views. */
export class ViewBuilder {
  readonly #format: WireFormat;
  readonly #checkUtf8: boolean;
  readonly #validity = new Validity();
  readonly #data = new GrowingBytes();
  #views = new Int32Array(0);
  #rows = 0;

  constructor(format: WireFormat, { checkUtf8 }: BuilderOptions) {
    this.#format = format;
    this.#checkUtf8 = checkUtf8 && format !== 'bytea';
  }

  append(wire: WireBytes, places: Places): Refusal | undefined {
    this.#startBatch(places.count);
    const refusal = this.#check(wire, places);
    if (refusal !== undefined) return refusal;
    if (this.#format === 'uuid') this.#appendUuids(wire, places);
    else this.#appendBytes(wire, places, this.#format === 'jsonb' ? 1 : 0);
    this.#rows += places.count;
    return undefined;
  }

  take(): ColumnBuffers {
    const length = this.#rows;
    const { buffer } = this.#views;
    const views = Buffer.from(buffer, 0, length * VIEW_WORDS * 4);
    const data = this.#data.length === 0 ? [] : [this.#data.filled()];
    this.#rows = 0;
    const { nullCount } = this.#validity;
    const buffers = [this.#validity.buffer(length), views, ...data];
    return { length, nullCount, buffers, dataBuffers: data.length };
  }

  #startBatch(more: number): void {
    if (this.#rows === 0) {
      this.#validity.reset();
      this.#data.clear();
    }
    const rows = this.#rows + more;
    this.#validity.reserve(rows);
    if (rows * VIEW_WORDS <= this.#views.length) return;
    const grown = new Int32Array(Math.max(rows * VIEW_WORDS, this.#views.length * 2));
    grown.set(this.#views);
    this.#views = grown;
  }

  /** Most formats need no look at each value before it is taken. */
  #check(wire: WireBytes, places: Places): Refusal | undefined {
    const isPlain = this.#format !== 'uuid' && this.#format !== 'jsonb';
    if (isPlain && !this.#checkUtf8) return undefined;
    const { at: placeOf, first, stride, count } = places;
    for (let index = 0; index < count; index += 1) {
      const at = placeOf[first + index * stride]!;
      const reason = at === NULL_PLACE ? undefined : this.#whyNot(wire, at);
      if (reason !== undefined) return { index, reason };
    }
    return undefined;
  }

  #whyNot({ bytes, view }: WireBytes, at: number): string | undefined {
    const length = view.getInt32(at - 4);
    if (this.#format === 'uuid')
      return length === UUID_BYTES ? undefined : wrongLength(length, UUID_BYTES);
    if (this.#format === 'jsonb' && bytes[at] !== JSONB_VERSION)
      return `its jsonb form has version ${bytes[at]}, not ${JSONB_VERSION}`;
    if (this.#checkUtf8 && !isUtf8(bytes.subarray(at, at + length))) return 'it is not UTF-8';
    return undefined;
  }

  #appendBytes({ bytes, view }: WireBytes, places: Places, skip: number): void {
    const { at: placeOf, first, stride, count } = places;
    const views = this.#views;
    const lastWhole = view.byteLength - INLINE_BYTES;
    for (let index = 0, to = this.#rows * VIEW_WORDS; index < count; index += 1, to += VIEW_WORDS) {
      const place = placeOf[first + index * stride]!;
      if (place === NULL_PLACE) {
        this.#validity.clear(this.#rows + index);
        views[to] = views[to + 1] = views[to + 2] = views[to + 3] = 0;
        continue;
      }
      const length = view.getInt32(place - 4) - skip;
      const at = place + skip;
      views[to] = length;
      if (length > INLINE_BYTES) {
        views[to + 1] = view.getInt32(at, true);
        views[to + 2] = 0;
        views[to + 3] = this.#data.append(bytes, view, at, length);
      } else if (at <= lastWhole) {
        const mask = 3 * length;
        views[to + 1] = view.getInt32(at, true) & INLINE_MASKS[mask]!;
        views[to + 2] = view.getInt32(at + 4, true) & INLINE_MASKS[mask + 1]!;
        views[to + 3] = view.getInt32(at + 8, true) & INLINE_MASKS[mask + 2]!;
      } else writeInline(views, to + 1, bytes.subarray(at, at + length));
    }
  }

  #appendUuids({ view }: WireBytes, places: Places): void {
    const { at: placeOf, first, stride, count } = places;
    const views = this.#views;
    for (let index = 0, to = this.#rows * VIEW_WORDS; index < count; index += 1, to += VIEW_WORDS) {
      const at = placeOf[first + index * stride]!;
      views[to + 2] = 0;
      if (at === NULL_PLACE) {
        this.#validity.clear(this.#rows + index);
        views[to] = views[to + 1] = views[to + 3] = 0;
        continue;
      }
      const place = this.#data.claim(UUID_TEXT_BYTES);
      writeUuid(view, at, this.#data.view, place);
      views[to] = UUID_TEXT_BYTES;
      views[to + 1] = this.#data.view.getInt32(place, true);
      views[to + 3] = place;
    }
  }
}

/** A value that lies at the very end of the bytes, where reading whole words would go beyond. */
function writeInline(views: Int32Array, to: number, value: Buffer): void {
  const padded = Buffer.alloc(INLINE_BYTES);
  value.copy(padded);
  for (let word = 0; word < 3; word += 1) views[to + word] = padded.readInt32LE(word * 4);
}

const DIGITS = Buffer.from('0123456789abcdef');
const digitOf = (value: number, place: number): number => DIGITS[(value >> (4 * place)) & 15]!;

/** The four hexadecimal digits of each pair of bytes, as they lie in memory: half the look-ups of those of a byte. */
const HEX_OF_PAIR = Uint32Array.from(
  { length: 0x1_0000 },
  (_, pair) =>
    digitOf(pair, 3) |
    (digitOf(pair, 2) << 8) |
    (digitOf(pair, 1) << 16) |
    (digitOf(pair, 0) << 24),
);

const DASH = 0x2d;

function writeUuid(source: DataView, at: number, target: DataView, to: number): void {
  writePair(source, at, target, to);
  writePair(source, at + 2, target, to + 4);
  target.setUint8(to + 8, DASH);
  writePair(source, at + 4, target, to + 9);
  target.setUint8(to + 13, DASH);
  writePair(source, at + 6, target, to + 14);
  target.setUint8(to + 18, DASH);
  writePair(source, at + 8, target, to + 19);
  target.setUint8(to + 23, DASH);
  for (let pair = 0; pair < 3; pair += 1)
    writePair(source, at + 10 + 2 * pair, target, to + 24 + 4 * pair);
}

function writePair(source: DataView, at: number, target: DataView, to: number): void {
  target.setUint32(to, HEX_OF_PAIR[source.getUint16(at)]!, true);
}
