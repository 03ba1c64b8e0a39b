import type { DataType } from '@floe/expression';
import type { WireFormat } from './postgres-types.ts';
import { NumericDecoder } from './numeric.ts';

/** The values of a column under construction, seen at several widths. Arrow is little-endian, as are our machines. */
export type FixedValues = {
  readonly bytes: Buffer;
  readonly uint16: Uint16Array;
  readonly int32: Int32Array;
};

/** Stores one value from the wire into a row. Returns why it cannot, in words, or undefined. */
export type Store = (
  values: FixedValues,
  row: number,
  source: Buffer,
  at: number,
) => string | undefined;

export type FixedDecoder = {
  readonly width: number;
  /** Bytes of a value on the wire; undefined when it varies. */
  readonly wireBytes: number | undefined;
  readonly store: Store;
};

/** Days and microseconds from PostgreSQL's epoch, 2000-01-01, back to 1970-01-01. */
export const EPOCH_DAYS = 10_957;
const EPOCH_US = EPOCH_DAYS * 86_400_000_000;
const WORD = 2 ** 32;
export const EPOCH_US_HIGH = Math.floor(EPOCH_US / WORD);
export const EPOCH_US_LOW = EPOCH_US % WORD;
const DAY_US = 86_400_000_000;
export const INT32_MAX = 0x7fffffff;
export const INT32_MIN = -0x80000000;

export function allocateFixed(rows: number, width: number): FixedValues {
  const memory = new ArrayBuffer(rows * Math.max(width, 4));
  return {
    bytes: Buffer.from(memory),
    uint16: new Uint16Array(memory),
    int32: new Int32Array(memory),
  };
}

export function fixedDecoder(format: WireFormat, type: DataType): FixedDecoder | undefined {
  if (format === 'numeric' && type.kind === 'decimal') {
    const decoder = new NumericDecoder(type.scale);
    const store: Store = ({ int32 }, row, source, at) => {
      const refusal = decoder.decode(source, at);
      int32.set(decoder.words, row * 4);
      return refusal;
    };
    return { width: 16, wireBytes: undefined, store };
  }
  return DECODERS[format];
}

const storeInt2: Store = ({ uint16 }, row, source, at) => {
  uint16[row] = source.readUInt16BE(at);
  return undefined;
};

const storeWord: Store = ({ int32 }, row, source, at) => {
  int32[row] = source.readInt32BE(at);
  return undefined;
};

const storeDoubleWord: Store = ({ int32 }, row, source, at) => {
  int32[2 * row + 1] = source.readInt32BE(at);
  int32[2 * row] = source.readInt32BE(at + 4);
  return undefined;
};

const storeDate: Store = ({ int32 }, row, source, at) => {
  const days = source.readInt32BE(at);
  if (days === INT32_MAX) return 'it is infinity, which has no date';
  if (days === INT32_MIN) return 'it is -infinity, which has no date';
  int32[row] = days + EPOCH_DAYS;
  return undefined;
};

/** Polars counts time in nanoseconds of a day, which ends before 24:00. */
const storeTime: Store = ({ int32 }, row, source, at) => {
  const microseconds = source.readInt32BE(at) * WORD + source.readUInt32BE(at + 4);
  if (microseconds >= DAY_US) return 'it is 24:00:00, which Polars has no time for';
  const nanoseconds = microseconds * 1000;
  int32[2 * row + 1] = Math.floor(nanoseconds / WORD);
  int32[2 * row] = (nanoseconds % WORD) | 0;
  return undefined;
};

const storeTimestamp: Store = ({ int32 }, row, source, at) => {
  const high = source.readInt32BE(at);
  const low = source.readUInt32BE(at + 4);
  if (high === INT32_MAX && low === WORD - 1) return 'it is infinity, which is no point in time';
  if (high === INT32_MIN && low === 0) return 'it is -infinity, which is no point in time';
  const lowSum = low + EPOCH_US_LOW;
  const highSum = high + EPOCH_US_HIGH + (lowSum >= WORD ? 1 : 0);
  if (highSum > INT32_MAX)
    return 'it is after the year 294246, which microseconds since 1970 cannot say';
  int32[2 * row + 1] = highSum;
  int32[2 * row] = lowSum | 0;
  return undefined;
};

const DECODERS: Readonly<Partial<Record<WireFormat, FixedDecoder>>> = {
  int2: { width: 2, wireBytes: 2, store: storeInt2 },
  int4: { width: 4, wireBytes: 4, store: storeWord },
  int8: { width: 8, wireBytes: 8, store: storeDoubleWord },
  float4: { width: 4, wireBytes: 4, store: storeWord },
  float8: { width: 8, wireBytes: 8, store: storeDoubleWord },
  date: { width: 4, wireBytes: 4, store: storeDate },
  time: { width: 8, wireBytes: 8, store: storeTime },
  timestamp: { width: 8, wireBytes: 8, store: storeTimestamp },
  timestamptz: { width: 8, wireBytes: 8, store: storeTimestamp },
};
