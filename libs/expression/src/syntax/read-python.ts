import type { SyntaxNode, Tree } from '@lezer/common';
import { parser } from '@lezer/python';
import { assert } from '@floe/errors';
import { MAX_NESTING, MAX_RECOVERED_LENGTH, MAX_TREE_DEPTH } from '../limits.ts';
import type { Problems, Span } from '../problems.ts';
import { replacePlaceholders } from './placeholders.ts';
import { createReader, type Source } from './read-expression.ts';
import { hasReadableShape } from './scan-shape.ts';
import { STATEMENT_REFUSALS } from './refusals.ts';
import type { StatementSyntax } from './syntax.ts';

const STRICT_PARSER = parser.configure({ strict: true });

const BRACKETS = new Set([
  'ArgList',
  'ParenthesizedExpression',
  'ArrayExpression',
  'TupleExpression',
  'DictionaryExpression',
  'SetExpression',
]);

export type PythonText = {
  readonly statements: readonly StatementSyntax[];
  /** Names of the workflow's parameters in the text, each once. */
  readonly parameters: readonly string[];
};

/** Reads the text with Python's grammar into statements. Throws with all problems of grammar if there are any. */
export function readPython(text: string, problems: Problems): PythonText {
  const source = replacePlaceholders(text, problems);
  if (!hasReadableShape(source.text, problems)) problems.throwIfAny();
  const tree = parseText(source.text, problems);
  if (tree !== null) checkShape(tree, problems);
  problems.throwIfAny();
  assert(tree, 'a text that has no tree has a problem');
  const used = new Set<number>();
  const reader: Source = { ...source, problems, used };
  const statements = childrenOf(tree.topNode).flatMap((node) => readStatement(reader, node));
  reportPastedPlaceholders(reader, tree);
  const names = [...used].map((from) => source.parameters.get(from) ?? '');
  return { statements, parameters: [...new Set(names)] };
}

/**
 * The tree of a text, with nodes of error in it where the text is short; null when it is long and wrong. To go on after
 * an error is slow (15 ms for each KiB of rubbish), so a long text is given up at its first.
 */
function parseText(text: string, problems: Problems): Tree | null {
  const parse = STRICT_PARSER.startParse(text);
  try {
    let tree = parse.advance();
    while (tree === null) tree = parse.advance();
    return tree;
  } catch (thrown) {
    // The strict parser throws only this, and where it stopped says more than its message.
    if (!(thrown instanceof SyntaxError)) throw thrown;
    if (text.length <= MAX_RECOVERED_LENGTH) return parser.parse(text);
    reportSyntaxError(problems, { from: parse.parsedPos, to: parse.parsedPos });
    return null;
  }
}

/** Errors of grammar and of depth, found without recursion: what comes after may recurse. */
function checkShape(tree: Tree, problems: Problems): void {
  let depth = 0;
  let brackets = 0;
  tree.iterate({
    enter(node) {
      depth += 1;
      if (BRACKETS.has(node.name)) brackets += 1;
      if (brackets > MAX_NESTING || depth > MAX_TREE_DEPTH) {
        problems.add(spanOf(node), `the text is nested too deeply (at most ${MAX_NESTING} levels)`);
        return false;
      }
      if (node.type.isError) reportSyntaxError(problems, spanOf(node));
      return true;
    },
    leave(node) {
      depth -= 1;
      if (BRACKETS.has(node.name)) brackets -= 1;
    },
  });
}

function reportSyntaxError(problems: Problems, span: Span): void {
  problems.add(
    span,
    'this is not valid Python',
    'check brackets, commas and quotes; a chain over several lines stands in parentheses',
  );
}

function readStatement(source: Source, node: SyntaxNode): readonly StatementSyntax[] {
  if (node.name === 'ImportStatement' && isKnownImport(source.text.slice(node.from, node.to))) {
    return [];
  }
  const refusal = STATEMENT_REFUSALS[node.name];
  if (refusal) {
    source.problems.add(spanOf(node), refusal.message, refusal.hint);
    return [];
  }
  if (node.name === 'StatementGroup') {
    return childrenOf(node).flatMap((child) => readStatement(source, child));
  }
  if (node.name === 'AssignStatement') return readAssignment(source, node);
  if (node.name !== 'ExpressionStatement' || node.firstChild === null) return [];
  return [{ name: null, value: createReader(source)(node.firstChild), span: spanOf(node) }];
}

/** Imports of what is there already: people paste them with the rest. */
const KNOWN_IMPORTS: readonly RegExp[] = [
  /^import\s+polars\s+as\s+pl$/,
  /^import\s+polars\.selectors\s+as\s+cs$/,
  /^from\s+polars\s+import\s+selectors\s+as\s+cs$/,
  /^import\s+datetime(\s+as\s+dt)?$/,
  /^from\s+datetime\s+import\s+\(?\s*(date|datetime|timedelta|time)(\s*,\s*(date|datetime|timedelta|time)){0,3}\s*,?\s*\)?$/,
  /^from\s+__future__\s+import\s+annotations$/,
];
/** Longer than any of them. */
const MAX_IMPORT_LENGTH = 120;

function isKnownImport(text: string): boolean {
  return text.length <= MAX_IMPORT_LENGTH && KNOWN_IMPORTS.some((form) => form.test(text.trim()));
}

function readAssignment(source: Source, node: SyntaxNode): readonly StatementSyntax[] {
  const [target, operator, value, ...rest] = childrenOf(node);
  const isSimple = target?.name === 'VariableName' && operator?.name === 'AssignOp' && value;
  if (!isSimple || rest.length > 0) {
    source.problems.add(
      spanOf(node),
      'only `name = frame` is supported as an assignment',
      'assign one frame to one name',
    );
    return [];
  }
  const name = source.text.slice(target.from, target.to);
  return [{ name, value: createReader(source)(value), span: spanOf(node) }];
}

/** A placeholder that the reader did not meet as a value stands inside a string (or in a comment, which is fine). */
function reportPastedPlaceholders(source: Source, tree: Tree): void {
  for (const from of source.parameters.keys()) {
    if (source.used.has(from)) continue;
    const node = tree.resolveInner(from, 1);
    if (node.name !== 'String' && node.name !== 'ContinuedString') continue;
    source.problems.add(
      { from, to: from + 3 },
      'a parameter inside a string is not replaced',
      'write the parameter as a value of its own, without quotes: pl.col("a") == ${{ params.name }}',
    );
  }
}

function childrenOf(node: SyntaxNode): readonly SyntaxNode[] {
  const children: SyntaxNode[] = [];
  for (let child = node.firstChild; child; child = child.nextSibling) {
    if (child.name !== 'Comment' && child.name !== ';') children.push(child);
  }
  return children;
}

function spanOf(node: { readonly from: number; readonly to: number }): Span {
  return { from: node.from, to: node.to };
}
