import type { Problem } from '@floe/client';

export type Marked = { readonly from: number; readonly to: number; readonly problem: Problem };

/** Where problems are in a text, as offsets; one without a place marks the first line, and none reaches out of the text. */
export function placeProblems(source: string, problems: readonly Problem[]): readonly Marked[] {
  const starts = lineStarts(source);
  return problems.map((problem) => {
    const line = Math.min(Math.max(1, problem.line), starts.length) - 1;
    const start = starts[line] ?? 0;
    const end = (starts[line + 1] ?? source.length + 1) - 1;
    const from = Math.min(end, start + Math.max(0, problem.column - 1));
    const to = problem.length > 0 ? Math.min(source.length, from + problem.length) : end;
    return { from, to: Math.max(from, to), problem };
  });
}

function lineStarts(source: string): readonly number[] {
  const starts = [0];
  for (let at = source.indexOf('\n'); at !== -1; at = source.indexOf('\n', at + 1)) {
    starts.push(at + 1);
  }
  return starts;
}
