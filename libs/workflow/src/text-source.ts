import type { Place } from '@floe/errors';

/**
 * Where a text stood in the document, so that an error within the text can be shown in the document.
 *
 * - `block`: a literal block (`|`): every line of it is a line of the document, `indent` characters further right.
 * - `inline`: on one line, its first character at `line` and `column`, and no escape sequence within.
 * - `opaque`: quoted with escapes, or folded over lines: places are those of the whole field.
 */
export type TextSource = {
  readonly style: 'block' | 'inline' | 'opaque';
  readonly line: number;
  readonly column: number;
  readonly length: number;
  /** Characters before each line of a block; 0 otherwise. */
  readonly indent: number;
};

/** Sources of the task types' texts by field path, like `tasks.ranking.polars`. */
export type SourceMap = Readonly<Record<string, TextSource>>;

/** The place in the document of a place in the text. */
export function placeInDocument(source: TextSource, place: Place | undefined): Place {
  if (place === undefined || source.style === 'opaque') {
    return { line: source.line, column: source.column, length: source.length };
  }
  if (source.style === 'inline') {
    return { line: source.line, column: source.column + place.column - 1, length: place.length };
  }
  return {
    line: source.line + place.line - 1,
    column: source.indent + place.column,
    length: place.length,
  };
}

/** Line and column, from 1, of an offset in a text. */
export function placeAtOffset(text: string, offset: number, length: number): Place {
  const before = text.slice(0, offset);
  const line = before.split('\n').length;
  return { line, column: offset - (before.lastIndexOf('\n') + 1) + 1, length };
}
