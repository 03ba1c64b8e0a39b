/** Two texts as a unified diff with three lines around each change. */

// The table has a cell for each pair of lines that differ; texts beyond that are shown one after the other.
const PAIRS_MAX = 1_000_000;
const CONTEXT_LINES = 3;

type Line = { readonly mark: ' ' | '-' | '+'; readonly text: string };

export function diffText(base: string, other: string): string {
  if (base === other) return '';
  const lines = markLines(base.split('\n'), other.split('\n'));
  return hunksOf(lines).join('\n');
}

/** What both begin and end with alike is not searched. */
function markLines(olds: readonly string[], news: readonly string[]): Line[] {
  const shorter = Math.min(olds.length, news.length);
  let head = 0;
  while (head < shorter && olds[head] === news[head]) head += 1;
  let tail = 0;
  while (tail < shorter - head && olds.at(-1 - tail) === news.at(-1 - tail)) tail += 1;
  const kept = (text: string): Line => ({ mark: ' ', text });
  return [
    ...olds.slice(0, head).map(kept),
    ...markChanged(olds.slice(head, olds.length - tail), news.slice(head, news.length - tail)),
    ...olds.slice(olds.length - tail).map(kept),
  ];
}

function markChanged(olds: readonly string[], news: readonly string[]): Line[] {
  const removed = (text: string): Line => ({ mark: '-', text });
  const added = (text: string): Line => ({ mark: '+', text });
  if (olds.length * news.length > PAIRS_MAX) return [...olds.map(removed), ...news.map(added)];
  const common = commonLengths(olds, news);
  const lines: Line[] = [];
  let [old, fresh] = [0, 0];
  while (old < olds.length && fresh < news.length) {
    if (olds[old] === news[fresh]) {
      lines.push({ mark: ' ', text: olds[old]! });
      old += 1;
      fresh += 1;
    } else if (common[old + 1]![fresh]! >= common[old]![fresh + 1]!) {
      lines.push(removed(olds[old]!));
      old += 1;
    } else {
      lines.push(added(news[fresh]!));
      fresh += 1;
    }
  }
  return [...lines, ...olds.slice(old).map(removed), ...news.slice(fresh).map(added)];
}

/** How many lines both have in common from two places on. */
function commonLengths(olds: readonly string[], news: readonly string[]): readonly Uint32Array[] {
  const lengths = Array.from({ length: olds.length + 1 }, () => new Uint32Array(news.length + 1));
  for (let old = olds.length - 1; old >= 0; old -= 1) {
    for (let fresh = news.length - 1; fresh >= 0; fresh -= 1) {
      const [here, below] = [lengths[old]!, lengths[old + 1]!];
      here[fresh] =
        olds[old] === news[fresh]
          ? below[fresh + 1]! + 1
          : Math.max(below[fresh]!, here[fresh + 1]!);
    }
  }
  return lengths;
}

function hunksOf(lines: readonly Line[]): string[] {
  const isNear = lines.map((_, at) =>
    lines
      .slice(Math.max(0, at - CONTEXT_LINES), at + CONTEXT_LINES + 1)
      .some(({ mark }) => mark !== ' '),
  );
  const shown: string[] = [];
  let [old, fresh] = [1, 1];
  for (const [at, { mark, text }] of lines.entries()) {
    if (isNear[at] && !isNear[at - 1]) shown.push(headerOf(lines, isNear, { at, old, fresh }));
    if (isNear[at]) shown.push(`${mark}${text}`);
    if (mark !== '+') old += 1;
    if (mark !== '-') fresh += 1;
  }
  return shown;
}

type Place = { readonly at: number; readonly old: number; readonly fresh: number };

function headerOf(lines: readonly Line[], isNear: readonly boolean[], place: Place): string {
  const end = isNear.indexOf(false, place.at);
  const hunk = lines.slice(place.at, end === -1 ? undefined : end);
  const olds = hunk.filter(({ mark }) => mark !== '+').length;
  const news = hunk.filter(({ mark }) => mark !== '-').length;
  // As diff does: before a stretch that is empty on one side stands the line before it.
  const start = (line: number, count: number) => (count === 0 ? line - 1 : line);
  return `@@ -${start(place.old, olds)},${olds} +${start(place.fresh, news)},${news} @@`;
}
