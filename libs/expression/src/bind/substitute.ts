import type { Problems } from '../problems.ts';
import type { CallSyntax, KeywordSyntax, Syntax } from '../syntax/syntax.ts';

/**
 * Names for values: `limit = 15`, `late = pl.col("delay") > limit`. They are written out where they are used, before
 * anything gets a meaning. Because a value may use others, a few lines could grow without bound: what a value comes to
 * when it is written out is counted before it is.
 */
export type Values = {
  readonly has: (name: string) => boolean;
  readonly set: (name: string, value: Syntax) => void;
  /** The name stands for something else from here on. */
  readonly forget: (name: string) => void;
  /** The syntax with the names of values written out; null when that was reported as too large. */
  readonly writeOut: (syntax: Syntax) => Syntax | null;
};

/** Nodes of one statement with its values written out. A long program of a person has a few thousand in all. */
const MAX_NODES = 50_000;

type Value = { readonly syntax: Syntax; readonly size: number };

export function createValues(problems: Problems): Values {
  const values = new Map<string, Value>();
  return {
    has: (name) => values.has(name),
    forget: (name) => values.delete(name),
    set: (name, syntax) => values.set(name, { syntax, size: sizeOf(syntax, new Map()) }),
    writeOut(syntax) {
      if (values.size === 0) return syntax;
      if (sizeOf(syntax, values) <= MAX_NODES) return replaced(syntax, values);
      const hint = 'keep what is used often in a column: .with_columns(...)';
      problems.add(syntax.span, 'the values that are used here come to too much text', hint);
      return null;
    },
  };
}

type Known = ReadonlyMap<string, Value>;

function sizeOf(syntax: Syntax, values: Known): number {
  if (syntax.kind === 'name') return values.get(syntax.name)?.size ?? 1;
  return partsOf(syntax).reduce((sum, part) => sum + sizeOf(part, values), 1);
}

/** What an expression is made of. */
export function partsOf(syntax: Syntax): readonly Syntax[] {
  switch (syntax.kind) {
    case 'attribute':
      return [syntax.object];
    case 'call':
      return [syntax.callee, ...syntax.positional, ...syntax.keywords.map(({ value }) => value)];
    case 'list':
      return syntax.items;
    case 'dictionary':
      return syntax.entries.flat();
    case 'unary':
      return [syntax.operand];
    case 'binary':
      return [syntax.left, syntax.right];
    default:
      return [];
  }
}

function replaced(syntax: Syntax, values: Known): Syntax {
  const each = (part: Syntax): Syntax => replaced(part, values);
  switch (syntax.kind) {
    case 'name':
      return values.get(syntax.name)?.syntax ?? syntax;
    case 'attribute':
      return { ...syntax, object: each(syntax.object) };
    case 'call':
      return replacedCall(syntax, each);
    case 'list':
      return { ...syntax, items: syntax.items.map(each) };
    case 'dictionary':
      return {
        ...syntax,
        entries: syntax.entries.map(([key, value]) => [each(key), each(value)] as const),
      };
    case 'unary':
      return { ...syntax, operand: each(syntax.operand) };
    case 'binary':
      return { ...syntax, left: each(syntax.left), right: each(syntax.right) };
    default:
      return syntax;
  }
}

function replacedCall(call: CallSyntax, each: (part: Syntax) => Syntax): CallSyntax {
  const keyword = (given: KeywordSyntax): KeywordSyntax => ({ ...given, value: each(given.value) });
  return {
    ...call,
    callee: each(call.callee),
    positional: call.positional.map(each),
    keywords: call.keywords.map(keyword),
  };
}

/** Functions of `pl` that give frames. */
const FRAME_FUNCTIONS: ReadonlySet<string> = new Set([
  'concat',
  'union',
  'merge_sorted',
  'mergeSorted',
]);
const VALUE_ROOTS: ReadonlySet<string> = new Set([
  'pl',
  'cs',
  'date',
  'datetime',
  'timedelta',
  'time',
  'dt',
]);

/** Whether a statement names a value and no frame. What cannot be told counts as a frame. */
export function isValue(syntax: Syntax, isFrame: (name: string) => boolean): boolean {
  switch (syntax.kind) {
    case 'name':
      return VALUE_ROOTS.has(syntax.name) && !isFrame(syntax.name);
    case 'attribute':
      return isValue(syntax.object, isFrame);
    case 'call':
      return !isFrameFunction(syntax) && isValue(syntax.callee, isFrame);
    case 'refused':
      return false;
    default:
      return true;
  }
}

function isFrameFunction({ callee }: CallSyntax): boolean {
  const isOfPolars =
    callee.kind === 'attribute' && callee.object.kind === 'name' && callee.object.name === 'pl';
  const isFunction = isOfPolars && callee.kind === 'attribute';
  return isFunction && (FRAME_FUNCTIONS.has(callee.name) || /^(read|scan)_/.test(callee.name));
}
