export type LineChange = { readonly mark: ' ' | '-' | '+'; readonly line: string };

// The table has a cell for each pair of lines; texts beyond that are shown one after the other.
const PAIRS_MAX = 1_000_000;

/** The lines of both texts in one list, by a longest common subsequence. */
export function diffLines(before: string, after: string): readonly LineChange[] {
  const olds = before.split('\n');
  const news = after.split('\n');
  if (olds.length * news.length > PAIRS_MAX) {
    return [...olds.map(removed), ...news.map(added)];
  }
  const lengths = commonLengths(olds, news);
  const changes: LineChange[] = [];
  let [old, fresh] = [0, 0];
  while (old < olds.length || fresh < news.length) {
    if (old < olds.length && fresh < news.length && olds[old] === news[fresh]) {
      changes.push({ mark: ' ', line: olds[old]! });
      old += 1;
      fresh += 1;
    } else if (
      fresh >= news.length ||
      (old < olds.length && lengths[old + 1]![fresh]! >= lengths[old]![fresh + 1]!)
    ) {
      changes.push(removed(olds[old]!));
      old += 1;
    } else {
      changes.push(added(news[fresh]!));
      fresh += 1;
    }
  }
  return changes;
}

/** By the first lines that are left out: how many lines both have in common from there on. */
function commonLengths(olds: readonly string[], news: readonly string[]): readonly Uint32Array[] {
  const lengths = Array.from({ length: olds.length + 1 }, () => new Uint32Array(news.length + 1));
  for (let old = olds.length - 1; old >= 0; old -= 1) {
    for (let fresh = news.length - 1; fresh >= 0; fresh -= 1) {
      lengths[old]![fresh] =
        olds[old] === news[fresh]
          ? lengths[old + 1]![fresh + 1]! + 1
          : Math.max(lengths[old + 1]![fresh]!, lengths[old]![fresh + 1]!);
    }
  }
  return lengths;
}

const removed = (line: string): LineChange => ({ mark: '-', line });
const added = (line: string): LineChange => ({ mark: '+', line });
