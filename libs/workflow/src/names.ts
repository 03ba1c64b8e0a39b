/** Names in a document, and which of them each kind may have. */

export const RESOURCE_NAME = /^[a-z][a-z0-9_-]{0,62}$/;
export const RESOURCE_NAME_RULE =
  'a name has 1 to 63 characters: a to z, 0 to 9, _ and -, and begins with a letter';

/** What an executor says that it has; FLOE_EXECUTOR_LABELS takes the same. */
export const LABEL = /^[a-z0-9][a-z0-9_-]{0,62}$/;
export const LABEL_RULE = 'a label has 1 to 63 characters: a to z, 0 to 9, _ and -';

/** Tasks and parameters are names within Polars text too, so they have no hyphens; `__proto__` and its kind stay out. */
export const IDENTIFIER = /^(?!__)[a-z_][a-z0-9_]{0,62}$/;
export const IDENTIFIER_RULE =
  'a name has 1 to 63 characters: a to z, 0 to 9 and _, and begins with a letter or one underscore';

// What these mean in Polars text is fixed, so a task of that name could not be read there.
const RESERVED: ReadonlySet<string> = new Set([
  'pl',
  'cs',
  'date',
  'datetime',
  'dt',
  'timedelta',
  'and',
  'as',
  'assert',
  'async',
  'await',
  'break',
  'class',
  'continue',
  'def',
  'del',
  'elif',
  'else',
  'except',
  'finally',
  'for',
  'from',
  'global',
  'if',
  'import',
  'in',
  'is',
  'lambda',
  'nonlocal',
  'not',
  'or',
  'pass',
  'raise',
  'return',
  'try',
  'while',
  'with',
  'yield',
]);

export function isReservedName(name: string): boolean {
  return RESERVED.has(name);
}

/** A name of the right form that resembles the given one, or undefined. */
export function mendIdentifier(name: string): string | undefined {
  const mended = name
    .trim()
    .toLowerCase()
    .replace(/[^a-z0-9_]+/g, '_')
    .replace(/^(?=\d)/, '_')
    .slice(0, 63);
  return IDENTIFIER.test(mended) && mended !== '_' ? mended : undefined;
}
