export type Sample = { readonly atMs: number; readonly value: number };

const HOUR_MS = 3_600_000;

/**
 * How much the value grows in an hour: the median of the slopes between all pairs of samples (Theil–Sen), which a single
 * garbage collection does not move. 0 for fewer than two samples.
 */
export function slopePerHour(samples: readonly Sample[]): number {
  const slopes: number[] = [];
  for (const [index, from] of samples.entries()) {
    for (const to of samples.slice(index + 1)) {
      if (to.atMs > from.atMs) slopes.push((to.value - from.value) / (to.atMs - from.atMs));
    }
  }
  if (slopes.length === 0) return 0;
  slopes.sort((a, b) => a - b);
  const middle = Math.floor(slopes.length / 2);
  const median =
    slopes.length % 2 === 1 ? slopes[middle]! : (slopes[middle - 1]! + slopes[middle]!) / 2;
  return median * HOUR_MS;
}
