import { assert } from '@floe/errors';

/** The smallest of the values that at least `percent` of them do not exceed (nearest rank: no value is made up). */
export function percentile(values: readonly number[], percent: number): number {
  const sorted = values.toSorted((left, right) => left - right);
  const value = sorted[Math.max(Math.ceil((percent / 100) * sorted.length), 1) - 1];
  assert(value !== undefined, 'a percentile needs values');
  return value;
}
