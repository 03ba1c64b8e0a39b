/** Positions of items as text: `0-99,105`. Short however many there are, as long as they stand together. */
export function formatRanges(sorted: readonly number[]): string {
  const parts: string[] = [];
  let first = 0;
  for (let at = 1; at <= sorted.length; at += 1) {
    if (at < sorted.length && sorted[at] === sorted[at - 1]! + 1) continue;
    const [from, to] = [sorted[first]!, sorted[at - 1]!];
    parts.push(from === to ? `${from}` : `${from}-${to}`);
    first = at;
  }
  return parts.join(',');
}

/** Ascending. */
export function parseRanges(text: string): readonly number[] {
  if (text === '') return [];
  return text.split(',').flatMap((part) => {
    const [from, to = from] = part.split('-').map(Number) as [number, number?];
    return Array.from({ length: to - from + 1 }, (_, offset) => from + offset);
  });
}
