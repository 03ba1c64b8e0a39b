import { isUtf8 } from 'node:buffer';
import { FloeError } from '@floe/errors';
import type { DataType } from '@floe/expression';
import type { ColumnBuffers } from '../arrow/ipc-file-writer.ts';
import {
  type FixedDecoder,
  type FixedValues,
  allocateFixed,
  fixedDecoder,
} from './fixed-values.ts';
import type { PostgresType, WireFormat } from './postgres-types.ts';
import { wireFormatOf } from './postgres-types.ts';

/** Collects the values of one column of a record batch from their binary COPY form. */
export type ColumnBuilder = {
  /** Returns why the value cannot be taken, in words, or undefined. */
  append(source: Buffer, at: number, length: number): string | undefined;
  appendNull(): void;
  /** The batch. Its buffers are the builder's own: they are good until the next append, which starts a new batch. */
  take(): ColumnBuffers;
};

export type BuilderOptions = {
  readonly capacityRows: number;
  /** For servers that store bytes without an encoding: every text is checked. */
  readonly checkUtf8: boolean;
};

export function createColumnBuilder(
  postgresType: PostgresType,
  type: DataType,
  options: BuilderOptions,
): ColumnBuilder {
  const format = wireFormatOf(postgresType);
  if (format === undefined) throw new FloeError('INTERNAL', `no decoder for ${postgresType.name}`);
  if (format === 'bool') return new BooleanBuilder(options.capacityRows);
  const decoder = fixedDecoder(format, type);
  if (decoder !== undefined) return new FixedBuilder(options.capacityRows, decoder);
  return new ViewBuilder(format, options);
}

/** One bit per row; a row has a value unless it is cleared. */
class Validity {
  readonly #bits: Buffer;
  #nullCount = 0;

  constructor(capacityRows: number) {
    this.#bits = Buffer.alloc(Math.ceil(capacityRows / 8), 0xff);
  }

  clear(row: number): void {
    this.#bits[row >> 3]! &= ~(1 << (row & 7));
    this.#nullCount += 1;
  }

  reset(): void {
    if (this.#nullCount > 0) this.#bits.fill(0xff);
    this.#nullCount = 0;
  }

  get nullCount(): number {
    return this.#nullCount;
  }

  /** Arrow allows a column without NULLs to have no bits. */
  buffer(rows: number): Buffer {
    return this.#bits.subarray(0, this.#nullCount === 0 ? 0 : Math.ceil(rows / 8));
  }
}

class BooleanBuilder implements ColumnBuilder {
  readonly #validity: Validity;
  readonly #bits: Buffer;
  #rows = 0;

  constructor(capacityRows: number) {
    this.#validity = new Validity(capacityRows);
    this.#bits = Buffer.alloc(Math.ceil(capacityRows / 8));
  }

  append(source: Buffer, at: number, length: number): string | undefined {
    if (length !== 1) return wrongLength(length, 1);
    this.#startBatch();
    if (source[at] !== 0) this.#bits[this.#rows >> 3]! |= 1 << (this.#rows & 7);
    this.#rows += 1;
    return undefined;
  }

  appendNull(): void {
    this.#startBatch();
    this.#validity.clear(this.#rows);
    this.#rows += 1;
  }

  take(): ColumnBuffers {
    const values = this.#bits.subarray(0, Math.ceil(this.#rows / 8));
    const buffers = [this.#validity.buffer(this.#rows), values];
    this.#rows = 0;
    return { nullCount: this.#validity.nullCount, buffers, isView: false };
  }

  #startBatch(): void {
    if (this.#rows > 0) return;
    this.#validity.reset();
    this.#bits.fill(0);
  }
}

class FixedBuilder implements ColumnBuilder {
  readonly #validity: Validity;
  readonly #decoder: FixedDecoder;
  readonly #values: FixedValues;
  #rows = 0;

  constructor(capacityRows: number, decoder: FixedDecoder) {
    this.#validity = new Validity(capacityRows);
    this.#decoder = decoder;
    this.#values = allocateFixed(capacityRows, decoder.width);
  }

  append(source: Buffer, at: number, length: number): string | undefined {
    const { wireBytes } = this.#decoder;
    if (wireBytes !== undefined && length !== wireBytes) return wrongLength(length, wireBytes);
    if (this.#rows === 0) this.#validity.reset();
    const refusal = this.#decoder.store(this.#values, this.#rows, source, at);
    this.#rows += 1;
    return refusal;
  }

  appendNull(): void {
    if (this.#rows === 0) this.#validity.reset();
    const { width } = this.#decoder;
    this.#values.bytes.fill(0, this.#rows * width, (this.#rows + 1) * width);
    this.#validity.clear(this.#rows);
    this.#rows += 1;
  }

  take(): ColumnBuffers {
    const values = this.#values.bytes.subarray(0, this.#rows * this.#decoder.width);
    const buffers = [this.#validity.buffer(this.#rows), values];
    this.#rows = 0;
    return { nullCount: this.#validity.nullCount, buffers, isView: false };
  }
}

const VIEW_BYTES = 16;
/** Values up to this size lie in the view itself. */
const INLINE_BYTES = 12;
const PREFIX_BYTES = 4;
const INITIAL_DATA_BYTES = 64 * 1024;
/** A data buffer that one huge value has blown up beyond this is let go after its batch. */
const KEPT_DATA_BYTES = 64 * 1024 * 1024;
/** A loop is faster than a call into native code for copies below about this size. */
const LOOP_COPY_BYTES = 48;
const UUID_BYTES = 16;
const JSONB_VERSION = 1;

/** Strings and binaries as Arrow views: size, then the bytes, or their first four and where the rest is. */
class ViewBuilder implements ColumnBuilder {
  readonly #format: WireFormat;
  readonly #checkUtf8: boolean;
  readonly #validity: Validity;
  readonly #views: Buffer;
  readonly #uuid = Buffer.alloc(36);
  #data = Buffer.allocUnsafeSlow(INITIAL_DATA_BYTES);
  #dataBytes = 0;
  #rows = 0;

  constructor(format: WireFormat, options: BuilderOptions) {
    this.#format = format;
    this.#checkUtf8 = options.checkUtf8 && format !== 'bytea';
    this.#validity = new Validity(options.capacityRows);
    this.#views = Buffer.alloc(options.capacityRows * VIEW_BYTES);
  }

  append(source: Buffer, at: number, length: number): string | undefined {
    if (this.#rows === 0) this.#startBatch();
    if (this.#format === 'uuid') {
      if (length !== UUID_BYTES) return wrongLength(length, UUID_BYTES);
      writeUuid(source, at, this.#uuid);
      this.#store(this.#uuid, 0, this.#uuid.length);
      return undefined;
    }
    if (this.#format === 'jsonb') {
      if (source[at] !== JSONB_VERSION) return `its jsonb form has version ${source[at]}, not 1`;
      this.#store(source, at + 1, length - 1);
      return undefined;
    }
    if (this.#checkUtf8 && !isUtf8(source.subarray(at, at + length))) return 'it is not UTF-8';
    this.#store(source, at, length);
    return undefined;
  }

  appendNull(): void {
    if (this.#rows === 0) this.#startBatch();
    this.#views.fill(0, this.#rows * VIEW_BYTES, (this.#rows + 1) * VIEW_BYTES);
    this.#validity.clear(this.#rows);
    this.#rows += 1;
  }

  take(): ColumnBuffers {
    const data = this.#dataBytes === 0 ? [] : [this.#data.subarray(0, this.#dataBytes)];
    const views = this.#views.subarray(0, this.#rows * VIEW_BYTES);
    const buffers = [this.#validity.buffer(this.#rows), views, ...data];
    this.#rows = 0;
    return { nullCount: this.#validity.nullCount, buffers, isView: true };
  }

  #startBatch(): void {
    this.#validity.reset();
    this.#dataBytes = 0;
    if (this.#data.length > KEPT_DATA_BYTES)
      this.#data = Buffer.allocUnsafeSlow(INITIAL_DATA_BYTES);
  }

  #store(source: Buffer, at: number, length: number): void {
    const view = this.#rows * VIEW_BYTES;
    this.#rows += 1;
    this.#views.writeInt32LE(length, view);
    if (length <= INLINE_BYTES) {
      this.#views.fill(0, view + 4, view + VIEW_BYTES);
      copyBytes({ source, at, length }, this.#views, view + 4);
      return;
    }
    copyBytes({ source, at, length: PREFIX_BYTES }, this.#views, view + 4);
    this.#views.writeInt32LE(0, view + 8);
    this.#views.writeInt32LE(this.#dataBytes, view + 12);
    this.#reserve(length);
    copyBytes({ source, at, length }, this.#data, this.#dataBytes);
    this.#dataBytes += length;
  }

  #reserve(length: number): void {
    const needed = this.#dataBytes + length;
    if (needed <= this.#data.length) return;
    const grown = Buffer.allocUnsafeSlow(Math.max(needed, this.#data.length * 2));
    this.#data.copy(grown, 0, 0, this.#dataBytes);
    this.#data = grown;
  }
}

type Span = { readonly source: Buffer; readonly at: number; readonly length: number };

function copyBytes({ source, at, length }: Span, target: Buffer, to: number): void {
  if (length > LOOP_COPY_BYTES) source.copy(target, to, at, at + length);
  else for (let index = 0; index < length; index += 1) target[to + index] = source[at + index]!;
}

const HEX = Buffer.from('0123456789abcdef');
const DASH = 0x2d;
/** Dashes stand before these bytes of a UUID. */
const DASHED_BYTES: ReadonlySet<number> = new Set([4, 6, 8, 10]);

function writeUuid(source: Buffer, at: number, target: Buffer): void {
  let to = 0;
  for (let index = 0; index < UUID_BYTES; index += 1) {
    if (DASHED_BYTES.has(index)) target[to++] = DASH;
    const byte = source[at + index]!;
    target[to++] = HEX[byte >> 4]!;
    target[to++] = HEX[byte & 15]!;
  }
}

function wrongLength(length: number, expected: number): string {
  return `its binary form has ${length} bytes instead of ${expected}`;
}
