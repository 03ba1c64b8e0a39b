import type { Percentiles } from '@floe/rpc/contracts';

/**
 * The smallest value that at least this part of the values does not exceed (nearest rank). 0 for no values.
 * `part` is above 0 and at most 1.
 */
export function percentile(values: readonly number[], part: number): number {
  return ofSorted(
    values.toSorted((a, b) => a - b),
    part,
  );
}

export function percentilesOf(values: readonly number[]): Percentiles {
  const sorted = values.toSorted((a, b) => a - b);
  const at = (part: number) => BigInt(Math.round(ofSorted(sorted, part)));
  return { count: BigInt(sorted.length), p50: at(0.5), p90: at(0.9), p99: at(0.99), max: at(1) };
}

function ofSorted(sorted: readonly number[], part: number): number {
  return sorted[Math.ceil(part * sorted.length) - 1] ?? 0;
}
