/**
 * The smallest value that at least this part of the values does not exceed (nearest rank). 0 for no values.
 * `part` is above 0 and at most 1.
 */
export function percentile(values: readonly number[], part: number): number {
  const sorted = values.toSorted((a, b) => a - b);
  return sorted[Math.ceil(part * sorted.length) - 1] ?? 0;
}
