import { FloeError, assert } from '@floe/errors';
import { parseProgram } from '../parse-program.ts';
import type { Expression } from '../program.ts';
import { isCondition, LegacyProblem, type LegacyNode } from './legacy-tree.ts';
import { parseLegacy } from './parse-legacy.ts';

export type LegacyText = {
  readonly text: string;
  /** The column that the expression makes, or the name of the filter: errors name it. */
  readonly field: string;
  /** Names of columns, where they are known: a text that is one of them is that column, whatever it looks like. */
  readonly columns?: readonly string[];
};

export type Translated = {
  /** The expression as Polars text, for a document. */
  readonly polars: string;
  /** The same as a tree, parsed when it is asked for. */
  readonly expression: Expression;
};

/**
 * An expression of the old system in Polars: a column's name, arithmetic, upper, lower, length, abs, round, and
 * if(condition, then, else).
 *
 * Throws FloeError EXPRESSION_INVALID with the column, the text and the place.
 */
export function translateLegacyExpression(legacy: LegacyText): Translated {
  return translate(legacy, (node) => node);
}

/** The condition of an old filter: a comparison, or several with and, or, not. */
export function translateLegacyFilter(legacy: LegacyText): Translated {
  return translate(legacy, (node) => {
    if (isCondition(node)) return node;
    throw new LegacyProblem(
      'a filter is a comparison',
      { at: node.at },
      'like salary > 70000 or status = "open"',
    );
  });
}

function translate(legacy: LegacyText, check: (node: LegacyNode) => LegacyNode): Translated {
  const polars = asPolars(legacy, check);
  return {
    polars,
    get expression() {
      return treeOf(polars);
    },
  };
}

function treeOf(polars: string): Expression {
  const program = parseProgram(`t.select(${polars})`, { inputs: ['t'] });
  const frame = program.statements[0]?.frame;
  const argument = frame?.kind === 'operation' ? frame.arguments['exprs'] : undefined;
  const [expression] = argument?.kind === 'expressions' ? argument.items : [];
  assert(expression, 'a translated expression is one');
  return expression;
}

function asPolars(
  { text, field, columns }: LegacyText,
  check: (node: LegacyNode) => LegacyNode,
): string {
  const whole = text.trim();
  try {
    if (columns?.includes(whole)) return column(whole);
    return write(check(parseLegacy(text)));
  } catch (thrown) {
    if (!(thrown instanceof LegacyProblem)) throw thrown;
    throw refusal({ text, field }, thrown);
  }
}

/** Texts are quoted in messages up to this length. */
const MAX_QUOTED = 80;

function refusal({ text, field }: LegacyText, problem: LegacyProblem): FloeError {
  const before = text.slice(0, problem.at);
  const line = before.split('\n').length;
  const place = { line, column: problem.at - before.lastIndexOf('\n'), length: problem.length };
  const quoted = text.length > MAX_QUOTED ? `${text.slice(0, MAX_QUOTED)}...` : text;
  const message = `column "${field}": ${problem.message} (line ${line}, column ${place.column} of \`${quoted}\`)`;
  const hint = problem.hint === undefined ? {} : { hint: problem.hint };
  return new FloeError('EXPRESSION_INVALID', message, {
    ...hint,
    violations: [{ field, message: problem.message, place, ...hint }],
  });
}

const quote = (text: string): string => JSON.stringify(text);
const column = (name: string): string => `pl.col(${quote(name)})`;

/** Operators of the old language that Python writes otherwise. */
const OPERATORS: Readonly<Record<string, string>> = { '=': '==', '<>': '!=' };

const METHODS: Readonly<Record<string, string>> = {
  upper: 'str.to_uppercase()',
  lower: 'str.to_lowercase()',
  length: 'str.len_chars()',
  abs: 'abs()',
};

function write(node: LegacyNode): string {
  switch (node.kind) {
    case 'column':
      return column(node.name);
    case 'number':
      return numberText(node.text);
    case 'text':
      return `pl.lit(${quote(node.value)})`;
    case 'negative':
      return `(-${write(node.operand)})`;
    case 'arithmetic':
    case 'comparison': {
      const operator = OPERATORS[node.operator] ?? node.operator;
      return `(${write(node.left)} ${operator} ${write(node.right)})`;
    }
    case 'logical':
      return `(${write(node.left)} ${node.operator === 'and' ? '&' : '|'} ${write(node.right)})`;
    case 'not':
      return `(~${write(node.operand)})`;
    case 'null-test':
      return `${operand(node.operand)}.${node.isNegated ? 'is_not_null()' : 'is_null()'}`;
    case 'membership':
      return writeMembership(node);
    case 'call':
      return writeCall(node);
  }
}

/** Python has no whole numbers that start with 0. */
function numberText(text: string): string {
  const plain = text.replace(/^0+(?=\d)/, '');
  return plain.startsWith('.') ? `0${plain}` : plain;
}

function writeMembership(node: Extract<LegacyNode, { kind: 'membership' }>): string {
  const members = node.members.map((member) => {
    if (member.kind === 'text') return quote(member.value);
    if (member.kind === 'number') return numberText(member.text);
    throw new LegacyProblem(
      '`in` needs texts and numbers',
      { at: member.at },
      "like city in ('Oslo', 'Bergen')",
    );
  });
  const inside = `${operand(node.operand)}.is_in([${members.join(', ')}])`;
  return node.isNegated ? `(~${inside})` : inside;
}

/** A number alone has no methods. */
function operand(node: LegacyNode): string {
  return node.kind === 'number' ? `pl.lit(${numberText(node.text)})` : write(node);
}

function writeCall({ name, operands, at }: Extract<LegacyNode, { kind: 'call' }>): string {
  const [first, second, third] = operands;
  assert(first, 'a call has an operand');
  if (name === 'round') return `${operand(first)}.round(${decimals(second)})`;
  if (name !== 'if') return `${operand(first)}.${METHODS[name] ?? ''}`;
  if (!isCondition(first))
    throw new LegacyProblem(
      '`if` needs a comparison first',
      { at },
      'like if(salary > 100, "high", "low")',
    );
  assert(second && third, 'an if has two branches');
  return `pl.when(${write(first)}).then(${operand(second)}).otherwise(${operand(third)})`;
}

function decimals(node: LegacyNode | undefined): string {
  if (node === undefined) return '0';
  if (node.kind === 'number' && /^\d+$/.test(node.text)) return numberText(node.text);
  throw new LegacyProblem(
    '`round` needs a number of decimals',
    { at: node.at },
    'like round(price, 2)',
  );
}
