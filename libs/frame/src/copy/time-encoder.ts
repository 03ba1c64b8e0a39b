import type { TimeUnit } from '@floe/expression';
import { readBigInt, readNumber } from '../arrow/read-value.ts';
import type { ArrowColumn } from '../arrow/record-batch.ts';
import type { CopyOutput } from './copy-output.ts';
import {
  EPOCH_DAYS,
  EPOCH_US_HIGH,
  EPOCH_US_LOW,
  INT32_MAX,
  INT32_MIN,
} from '../columns/fixed-loops.ts';
import type { ValueEncoder } from './value-encoder.ts';

const WORD = 2 ** 32;

export const encodeDate: ValueEncoder = (column, row, output) => {
  const days = readNumber(column, row) - EPOCH_DAYS;
  // The ends of the range mean infinity on the wire.
  if (days <= INT32_MIN || days >= INT32_MAX) return 'the date is out of range for date';
  const at = output.claim(8);
  output.view.setInt32(at, 4);
  output.view.setInt32(at + 4, days);
  return undefined;
};

/** Nanoseconds of a day fit a double exactly. */
export const encodeTime: ValueEncoder = (column, row, output) => {
  const nanoseconds = readNumber(column, row);
  if (nanoseconds % 1000 !== 0) return 'the time has nanoseconds, time ends at microseconds';
  return writeWords(Math.floor(nanoseconds / 1000 / WORD), (nanoseconds / 1000) % WORD, output);
};

export function timestampEncoder(unit: TimeUnit): ValueEncoder {
  return unit === 'us'
    ? encodeMicroseconds
    : unit === 'ms'
      ? encodeMilliseconds
      : encodeNanoseconds;
}

/** A length of time as an interval of no months and no days: both have no fixed length. */
export function intervalEncoder(unit: TimeUnit): ValueEncoder {
  return (column, row, output) => {
    const count = readBigInt(column, row);
    if (unit === 'ns' && count % 1000n !== 0n)
      return 'the duration has nanoseconds, interval ends at microseconds';
    const microseconds = unit === 'us' ? count : unit === 'ms' ? count * 1000n : count / 1000n;
    // The ends of the range mean infinity, since PostgreSQL 17.
    if (microseconds <= INT64_MIN || microseconds >= INT64_MAX)
      return 'the duration is out of range for interval';
    const at = output.claim(20);
    output.view.setInt32(at, 16);
    output.view.setBigInt64(at + 4, microseconds);
    output.view.setBigInt64(at + 12, 0n);
    return undefined;
  };
}

const OUT_OF_RANGE = 'the time is out of range for timestamp';

const encodeMicroseconds: ValueEncoder = ({ view }, row, output) => {
  const low = view.getUint32(row * 8, true) - EPOCH_US_LOW;
  const high = view.getInt32(row * 8 + 4, true) - EPOCH_US_HIGH - (low < 0 ? 1 : 0);
  if (high <= INT32_MIN) return OUT_OF_RANGE;
  return writeWords(high, low < 0 ? low + WORD : low, output);
};

const EPOCH_US = BigInt(EPOCH_DAYS) * 86_400_000_000n;
const INT64_MIN = -(2n ** 63n);
const INT64_MAX = 2n ** 63n - 1n;

const encodeMilliseconds: ValueEncoder = (column, row, output) =>
  writeMicroseconds(readBigInt(column, row) * 1000n, output);

const encodeNanoseconds: ValueEncoder = (column: ArrowColumn, row, output) => {
  const nanoseconds = readBigInt(column, row);
  if (nanoseconds % 1000n !== 0n) return 'the time has nanoseconds, timestamp ends at microseconds';
  return writeMicroseconds(nanoseconds / 1000n, output);
};

function writeMicroseconds(unixMicroseconds: bigint, output: CopyOutput): string | undefined {
  const microseconds = unixMicroseconds - EPOCH_US;
  if (microseconds <= INT64_MIN || microseconds >= INT64_MAX) return OUT_OF_RANGE;
  const at = output.claim(12);
  output.view.setInt32(at, 8);
  output.view.setBigInt64(at + 4, microseconds);
  return undefined;
}

function writeWords(high: number, low: number, output: CopyOutput): undefined {
  const at = output.claim(12);
  output.view.setInt32(at, 8);
  output.view.setInt32(at + 4, high);
  output.view.setUint32(at + 8, low);
  return undefined;
}
