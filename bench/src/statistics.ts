import { assert } from '@floe/errors';

/** The smallest of the values that at least `percent` of them do not exceed (nearest rank: no value is made up). */
export function percentile(values: readonly number[], percent: number): number {
  const sorted = values.toSorted((left, right) => left - right);
  const value = sorted[Math.max(Math.ceil((percent / 100) * sorted.length), 1) - 1];
  assert(value !== undefined, `a percentile needs values and at most 100 percent, not ${percent}`);
  return value;
}

export type Spread = { readonly min: number; readonly median: number; readonly max: number };

/** The middle value, or the mean of the two in the middle, and the ends. */
export function spreadOf(values: readonly number[]): Spread {
  return { min: percentile(values, 0), median: median(values), max: percentile(values, 100) };
}

export function median(values: readonly number[]): number {
  const sorted = values.toSorted((left, right) => left - right);
  const lower = percentile(sorted, 50);
  const upper = sorted[Math.floor(sorted.length / 2)] ?? lower;
  return (lower + upper) / 2;
}

/** Four significant digits: more than a measurement repeats. */
export function rounded(value: number): number {
  return Number(value.toPrecision(4));
}
