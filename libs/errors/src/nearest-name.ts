// What is longer is no name that somebody has mistyped; the time grows with the square.
const LENGTH_MAX = 200;

/**
 * "Did you mean": the known name nearest to a wrong one, or undefined when none is near enough to help.
 * Distance is optimal string alignment (insert, delete, replace, swap of neighbours), capped at a third of the length.
 */
export function nearestName(wrong: string, known: Iterable<string>): string | undefined {
  if (wrong.length > LENGTH_MAX) return undefined;
  const lower = wrong.toLowerCase();
  let best: string | undefined;
  let bestDistance = Math.max(1, Math.floor(wrong.length / 3)) + 1;
  for (const name of known) {
    if (Math.abs(name.length - wrong.length) >= bestDistance) continue;
    const distance = alignmentDistance(lower, name.toLowerCase(), bestDistance);
    if (distance < bestDistance) [best, bestDistance] = [name, distance];
  }
  return best;
}

/** The distance, or `enough` when it is no less: most names are told apart by their first letters. */
function alignmentDistance(a: string, b: string, enough: number): number {
  let beforeLast: number[] = [];
  let last = Array.from({ length: b.length + 1 }, (_, column) => column);
  let lastLeast = 0;
  for (let row = 1; row <= a.length; row += 1) {
    const current = [row];
    let least = row;
    for (let column = 1; column <= b.length; column += 1) {
      const cost = a[row - 1] === b[column - 1] ? 0 : 1;
      let distance = Math.min(
        last[column]! + 1,
        current[column - 1]! + 1,
        last[column - 1]! + cost,
      );
      const isSwap =
        row > 1 && column > 1 && a[row - 1] === b[column - 2] && a[row - 2] === b[column - 1];
      if (isSwap) distance = Math.min(distance, beforeLast[column - 2]! + 1);
      current.push(distance);
      least = Math.min(least, distance);
    }
    // All that follows comes of these two rows.
    if (least >= enough && lastLeast >= enough) return enough;
    [beforeLast, last, lastLeast] = [last, current, least];
  }
  return last[b.length]!;
}
