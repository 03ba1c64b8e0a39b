/** A line of two texts laid over each other. */
export type DiffLine = {
  readonly kind: 'same' | 'removed' | 'added';
  readonly text: string;
  /** Its number in the old and the new text; 0 where it is not in it. */
  readonly before: number;
  readonly after: number;
};

// A text of that many lines is compared in some ten milliseconds; of a longer one only both ends are.
const LINES_MAX = 3_000;

/** What must be taken out of one text and put in to get the other: as few lines as possible. */
export function diffLines(before: string, after: string): readonly DiffLine[] {
  const old = before.split('\n');
  const now = after.split('\n');
  let start = 0;
  while (start < old.length && start < now.length && old[start] === now[start]) start += 1;
  let end = 0;
  while (
    end < old.length - start &&
    end < now.length - start &&
    old[old.length - 1 - end] === now[now.length - 1 - end]
  ) {
    end += 1;
  }
  const middle = diffMiddle(old.slice(start, old.length - end), now.slice(start, now.length - end));
  return number([...same(old.slice(0, start)), ...middle, ...same(old.slice(old.length - end))]);
}

type Unnumbered = Pick<DiffLine, 'kind' | 'text'>;

function same(lines: readonly string[]): readonly Unnumbered[] {
  return lines.map((text) => ({ kind: 'same', text }));
}

/** By the longest common subsequence, from a table of the lengths of what is left. */
function diffMiddle(old: readonly string[], now: readonly string[]): readonly Unnumbered[] {
  const removed = old.map((text) => ({ kind: 'removed', text }) as const);
  const added = now.map((text) => ({ kind: 'added', text }) as const);
  if (old.length * now.length > LINES_MAX ** 2 || old.length === 0 || now.length === 0) {
    return [...removed, ...added];
  }
  const table = commonLengths(old, now);
  const width = now.length + 1;
  const lines: Unnumbered[] = [];
  let [i, j] = [0, 0];
  while (i < old.length && j < now.length) {
    if (old[i] === now[j]) {
      lines.push({ kind: 'same', text: old[i] ?? '' });
      i += 1;
      j += 1;
    } else if ((table[(i + 1) * width + j] ?? 0) >= (table[i * width + j + 1] ?? 0)) {
      lines.push(...removed.slice(i, i + 1));
      i += 1;
    } else {
      lines.push(...added.slice(j, j + 1));
      j += 1;
    }
  }
  return [...lines, ...removed.slice(i), ...added.slice(j)];
}

function commonLengths(old: readonly string[], now: readonly string[]): Uint16Array {
  const width = now.length + 1;
  const table = new Uint16Array((old.length + 1) * width);
  for (let i = old.length - 1; i >= 0; i -= 1) {
    for (let j = now.length - 1; j >= 0; j -= 1) {
      table[i * width + j] =
        old[i] === now[j]
          ? (table[(i + 1) * width + j + 1] ?? 0) + 1
          : Math.max(table[(i + 1) * width + j] ?? 0, table[i * width + j + 1] ?? 0);
    }
  }
  return table;
}

function number(lines: readonly Unnumbered[]): readonly DiffLine[] {
  let [before, after] = [0, 0];
  return lines.map(({ kind, text }) => {
    if (kind !== 'added') before += 1;
    if (kind !== 'removed') after += 1;
    return {
      kind,
      text,
      before: kind === 'added' ? 0 : before,
      after: kind === 'removed' ? 0 : after,
    };
  });
}

/** The lines with so many around every change; `undefined` stands for what is left out between. */
export function aroundChanges(
  lines: readonly DiffLine[],
  around: number,
): readonly (DiffLine | undefined)[] {
  const near = new Set<number>();
  for (const [index, { kind }] of lines.entries()) {
    if (kind === 'same') continue;
    for (let at = index - around; at <= index + around; at += 1) near.add(at);
  }
  return lines.flatMap((line, index) => {
    if (near.has(index)) return [line];
    return near.has(index + 1) || (index === lines.length - 1 && near.size > 0) ? [undefined] : [];
  });
}
