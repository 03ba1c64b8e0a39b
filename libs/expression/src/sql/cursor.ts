import { MAX_NESTING } from '../limits.ts';
import type { Problems, Span } from '../problems.ts';
import { unquoted, type SqlPiece } from './scan-sql.ts';
import type { SqlName } from './sql-syntax.ts';

/** Reads pieces from left to right. What it cannot read is reported and thrown as EXPRESSION_INVALID. */
export type Cursor = {
  readonly peek: (ahead?: number) => SqlPiece | undefined;
  readonly next: () => SqlPiece | undefined;
  /** Whether the next pieces are these words, in any case. */
  readonly isAt: (...words: readonly string[]) => boolean;
  /** Takes these words if they are next. */
  readonly take: (...words: readonly string[]) => boolean;
  readonly expect: (word: string, where: string) => Span;
  readonly isAtMark: (mark: string) => boolean;
  readonly takeMark: (mark: string) => boolean;
  readonly expectMark: (mark: string, where: string) => Span;
  /** A name that is quoted, or none of the words that end what stands before them. */
  readonly takeName: () => SqlName | null;
  readonly expectName: (what: string) => SqlName;
  readonly here: () => Span;
  /** From a place to the end of what was read last. */
  readonly since: (from: number) => Span;
  readonly fail: (span: Span, message: string, hint?: string) => never;
  /** Counts brackets within brackets. */
  readonly within: <T>(read: () => T) => T;
};

/** Words that stand after a table or a column and cannot be its other name without quotes. */
const RESERVED: ReadonlySet<string> = new Set(
  (
    'all and anti any as asc between by case cross desc distinct else end except exists false fetch for from full ' +
    'group having in inner intersect interval is isnull join lateral left like ilike limit natural not notnull null ' +
    'offset on or order outer qualify regexp right rlike select semi then true union using when where window with xor'
  ).split(' '),
);

export function createCursor(
  text: string,
  pieces: readonly SqlPiece[],
  problems: Problems,
): Cursor {
  let at = 0;
  let end = 0;
  let depth = 0;

  const peek = (ahead = 0): SqlPiece | undefined => pieces[at + ahead];
  const spanOf = (piece: SqlPiece | undefined): Span =>
    piece === undefined
      ? { from: text.trimEnd().length, to: text.trimEnd().length }
      : { from: piece.from, to: piece.from + piece.text.length };
  const here = (): Span => spanOf(peek());

  function fail(span: Span, message: string, hint?: string): never {
    problems.add(span, message, hint);
    problems.throwIfAny();
    throw new Error('a problem was reported');
  }
  const next = (): SqlPiece | undefined => {
    const piece = pieces[at];
    if (piece !== undefined) {
      at += 1;
      end = piece.from + piece.text.length;
    }
    return piece;
  };
  const isWord = (piece: SqlPiece | undefined, word: string): boolean =>
    piece?.kind === 'word' && piece.text.toLowerCase() === word;
  const isAt = (...words: readonly string[]): boolean =>
    words.every((word, ahead) => isWord(peek(ahead), word));
  const take = (...words: readonly string[]): boolean => {
    const isThere = isAt(...words);
    if (isThere) for (const _ of words) next();
    return isThere;
  };
  const isAtMark = (mark: string): boolean => peek()?.kind === 'mark' && peek()?.text === mark;
  const takeMark = (mark: string): boolean => isAtMark(mark) && next() !== undefined;
  const expected = (what: string, where: string): never => {
    const found = peek();
    const message =
      found === undefined ? 'the query ends here' : `\`${found.text}\` is not expected here`;
    return fail(here(), message, `${what} is expected ${where}`);
  };
  const takeName = (): SqlName | null => {
    const piece = peek();
    const isQuoted = piece?.kind === 'quotedName';
    if (piece === undefined || (!isQuoted && piece.kind !== 'word')) return null;
    if (!isQuoted && RESERVED.has(piece.text.toLowerCase())) return null;
    next();
    return { name: isQuoted ? unquoted(piece) : piece.text, span: spanOf(piece) };
  };
  return {
    peek,
    next,
    isAt,
    take,
    isAtMark,
    takeMark,
    takeName,
    here,
    fail,
    expect: (word, where) => {
      const span = here();
      return take(word) ? span : expected(word.toUpperCase(), where);
    },
    expectMark: (mark, where) => {
      const span = here();
      return takeMark(mark) ? span : expected(`\`${mark}\``, where);
    },
    expectName: (what) => takeName() ?? expected('a name', `for ${what}`),
    since: (from) => ({ from, to: Math.max(from, end) }),
    within: (read) => {
      if (depth >= MAX_NESTING)
        return fail(here(), `the query is nested more than ${MAX_NESTING} levels deep`);
      depth += 1;
      const result = read();
      depth -= 1;
      return result;
    },
  };
}
