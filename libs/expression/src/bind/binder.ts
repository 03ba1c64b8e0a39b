import type { Problems, Span } from '../problems.ts';
import type { Expression, Frame } from '../program.ts';
import type { Syntax } from '../syntax/syntax.ts';

/** What a text stands for where an expression is expected: a column's name, or the text itself. */
export type TextIs = 'column' | 'value';

/**
 * What the steps of binding share. null from any of them means: not to be bound, and reported already.
 * The two functions are here and not imported, because expressions, frames and arguments contain each other.
 */
export type Binder = {
  readonly problems: Problems;
  /** Frames by name, as of the statement that is being bound. */
  readonly frames: ReadonlyMap<string, FrameSource>;
  readonly expression: (syntax: Syntax, textIs: TextIs) => Expression | null;
  readonly frame: (syntax: Syntax) => Frame | null;
};

/** Where a frame's name leads: to an input of the task or to an earlier statement. */
export type FrameSource =
  | { readonly kind: 'input' }
  | { readonly kind: 'statement'; readonly index: number };

/** Names that stand for modules and functions of Python; frames may not take them. */
export const RESERVED_NAMES: ReadonlySet<string> = new Set([
  'pl',
  'cs',
  'date',
  'datetime',
  'timedelta',
  'dt',
]);

export function report(
  binder: Binder,
  span: Span,
  [message, hint]: readonly [string, string?],
): null {
  binder.problems.add(span, message, hint);
  return null;
}
