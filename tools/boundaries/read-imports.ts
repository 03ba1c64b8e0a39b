import type { MaskedSource } from './mask-source.ts';

export type Import = {
  /** As it is written, without a query such as `?url`. Undefined where it is computed. */
  readonly specifier: string | undefined;
  readonly line: number;
};

const STATIC = /(?<![\w$.])(?:import|export)[\w$*{},\s]*?\bfrom\s*(?=['"])/g;
const BARE = /(?<![\w$.])import\s*(?=['"])/g;
const DYNAMIC = /(?<![\w$.])import\s*\(\s*/g;

/** Finds imports, re-exports and `import()` in a source and its masked twin, in the order of their places. */
export function readImports(text: string, { code }: MaskedSource): readonly Import[] {
  const found = [STATIC, BARE, DYNAMIC].flatMap((pattern) => [...code.matchAll(pattern)]);
  return found
    .toSorted((left, right) => left.index - right.index)
    .map((match) => ({
      specifier: literalAt(text, code, match.index + match[0].length),
      line: lineAt(text, match.index),
    }));
}

function literalAt(text: string, code: string, start: number): string | undefined {
  const quote = code[start];
  if (quote !== "'" && quote !== '"') return undefined;
  return text.slice(start + 1, code.indexOf(quote, start + 1)).split('?')[0];
}

/** The line of an index, from 1. */
export function lineAt(text: string, index: number): number {
  return text.slice(0, index).split('\n').length;
}
