import type { WireFormat } from '../copy/postgres-types.ts';
import type { FixedFormat, FixedLoop } from './fixed-builder.ts';
import { NULL_PLACE, wrongLength } from './wire-values.ts';

/** Days and microseconds from PostgreSQL's epoch, 2000-01-01, back to 1970-01-01. */
export const EPOCH_DAYS = 10_957;
const EPOCH_US = EPOCH_DAYS * 86_400_000_000;
const WORD = 2 ** 32;
export const EPOCH_US_HIGH = Math.floor(EPOCH_US / WORD);
export const EPOCH_US_LOW = EPOCH_US % WORD;
const DAY_US = 86_400_000_000;
export const INT32_MAX = 0x7fffffff;
export const INT32_MIN = -0x80000000;

// One loop for each form, written out: a call per value that goes to many forms costs more than the value itself.

const int2Loop: FixedLoop = ({ int16, validity, row }, { view }, places, from) => {
  const { at: placeOf, first, stride, count } = places;
  for (let index = from; index < count; index += 1) {
    const at = placeOf[first + index * stride]!;
    if (at === NULL_PLACE) {
      validity.clear(row + index);
      int16[row + index] = 0;
      continue;
    }
    if (view.getInt32(at - 4) !== 2)
      return { index, reason: wrongLength(view.getInt32(at - 4), 2) };
    int16[row + index] = view.getInt16(at);
  }
  return undefined;
};

const wordLoop: FixedLoop = ({ int32, validity, row }, { view }, places, from) => {
  const { at: placeOf, first, stride, count } = places;
  for (let index = from; index < count; index += 1) {
    const at = placeOf[first + index * stride]!;
    if (at === NULL_PLACE) {
      validity.clear(row + index);
      int32[row + index] = 0;
      continue;
    }
    if (view.getInt32(at - 4) !== 4)
      return { index, reason: wrongLength(view.getInt32(at - 4), 4) };
    int32[row + index] = view.getInt32(at);
  }
  return undefined;
};

/** The bits are copied, so that every NaN stays the one it is. */
const doubleWordLoop: FixedLoop = ({ int32, validity, row }, { view }, places, from) => {
  const { at: placeOf, first, stride, count } = places;
  for (let index = from; index < count; index += 1) {
    const at = placeOf[first + index * stride]!;
    const to = 2 * (row + index);
    if (at === NULL_PLACE) {
      validity.clear(row + index);
      int32[to] = int32[to + 1] = 0;
      continue;
    }
    if (view.getInt32(at - 4) !== 8)
      return { index, reason: wrongLength(view.getInt32(at - 4), 8) };
    int32[to + 1] = view.getInt32(at);
    int32[to] = view.getInt32(at + 4);
  }
  return undefined;
};

const dateLoop: FixedLoop = ({ int32, validity, row }, { view }, places, from) => {
  const { at: placeOf, first, stride, count } = places;
  for (let index = from; index < count; index += 1) {
    const at = placeOf[first + index * stride]!;
    int32[row + index] = 0;
    if (at === NULL_PLACE) {
      validity.clear(row + index);
      continue;
    }
    if (view.getInt32(at - 4) !== 4)
      return { index, reason: wrongLength(view.getInt32(at - 4), 4) };
    const days = view.getInt32(at);
    if (days === INT32_MAX) return { index, reason: 'it is infinity, which has no date' };
    if (days === INT32_MIN) return { index, reason: 'it is -infinity, which has no date' };
    int32[row + index] = days + EPOCH_DAYS;
  }
  return undefined;
};

/** Polars counts time in nanoseconds of a day, which ends before 24:00. */
const timeLoop: FixedLoop = ({ int32, validity, row }, { view }, places, from) => {
  const { at: placeOf, first, stride, count } = places;
  for (let index = from; index < count; index += 1) {
    const at = placeOf[first + index * stride]!;
    const to = 2 * (row + index);
    int32[to] = int32[to + 1] = 0;
    if (at === NULL_PLACE) {
      validity.clear(row + index);
      continue;
    }
    if (view.getInt32(at - 4) !== 8)
      return { index, reason: wrongLength(view.getInt32(at - 4), 8) };
    const microseconds = view.getInt32(at) * WORD + view.getUint32(at + 4);
    if (microseconds >= DAY_US)
      return { index, reason: 'it is 24:00:00, which Polars has no time for' };
    const nanoseconds = microseconds * 1000;
    int32[to + 1] = Math.floor(nanoseconds / WORD);
    int32[to] = nanoseconds | 0;
  }
  return undefined;
};

const timestampLoop: FixedLoop = ({ int32, validity, row }, { view }, places, from) => {
  const { at: placeOf, first, stride, count } = places;
  for (let index = from; index < count; index += 1) {
    const at = placeOf[first + index * stride]!;
    const to = 2 * (row + index);
    int32[to] = int32[to + 1] = 0;
    if (at === NULL_PLACE) {
      validity.clear(row + index);
      continue;
    }
    if (view.getInt32(at - 4) !== 8)
      return { index, reason: wrongLength(view.getInt32(at - 4), 8) };
    const high = view.getInt32(at);
    const low = view.getUint32(at + 4);
    const lowSum = low + EPOCH_US_LOW;
    const highSum = high + EPOCH_US_HIGH + (lowSum >= WORD ? 1 : 0);
    if (highSum > INT32_MAX || (high === INT32_MIN && low === 0))
      return { index, reason: whyNoTimestamp(high, low) };
    int32[to + 1] = highSum;
    int32[to] = lowSum | 0;
  }
  return undefined;
};

function whyNoTimestamp(high: number, low: number): string {
  if (high === INT32_MIN) return 'it is -infinity, which is no point in time';
  if (high === INT32_MAX && low === WORD - 1) return 'it is infinity, which is no point in time';
  return 'it is after the year 294246, which microseconds since 1970 cannot say';
}

const FORMATS: Readonly<Partial<Record<WireFormat, FixedFormat>>> = {
  int2: { width: 2, loop: int2Loop },
  int4: { width: 4, loop: wordLoop },
  oid: { width: 4, loop: wordLoop },
  int8: { width: 8, loop: doubleWordLoop },
  float4: { width: 4, loop: wordLoop },
  float8: { width: 8, loop: doubleWordLoop },
  date: { width: 4, loop: dateLoop },
  time: { width: 8, loop: timeLoop },
  timestamp: { width: 8, loop: timestampLoop },
  timestamptz: { width: 8, loop: timestampLoop },
};

export function fixedLoop(format: WireFormat): FixedFormat | undefined {
  return FORMATS[format];
}
