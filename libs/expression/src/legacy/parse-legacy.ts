import { nearestName } from '@floe/errors';
import { LegacyProblem, type LegacyNode } from './legacy-tree.ts';
import { tokenise, type Token } from './tokenise.ts';

/** Far longer than anything that people wrote; keeps hostile texts cheap. */
const MAX_LENGTH = 20_000;
/** Brackets and conditions within each other; the parser recurses this deep. */
const MAX_DEPTH = 100;

/** How many operands each function takes. */
const FUNCTIONS: Readonly<Record<string, number>> = {
  upper: 1,
  lower: 1,
  length: 1,
  abs: 1,
  round: 2,
  if: 3,
};
const COMPARISONS = new Set(['>', '<', '>=', '<=', '=', '==', '!=', '<>']);

type Reader = { readonly tokens: readonly Token[]; next: number; depth: number };

/**
 * Parses an old expression: comparisons bind weakest, then `+ -`, then `* /`. Throws LegacyProblem.
 */
export function parseLegacy(text: string): LegacyNode {
  if (text.length > MAX_LENGTH)
    throw new LegacyProblem(`the text is longer than ${MAX_LENGTH} characters`, { at: 0 });
  const reader: Reader = { tokens: tokenise(text), next: 0, depth: 0 };
  if (peek(reader).kind === 'end') throw new LegacyProblem('the expression is empty', { at: 0 });
  const node = readComparison(reader);
  const rest = peek(reader);
  if (rest.kind === 'end') return node;
  throw new LegacyProblem(`\`${rest.value}\` is not expected here`, rest, hintFor(rest));
}

function hintFor({ kind, value }: Token): string | undefined {
  if (/^(and|or)$/i.test(value)) return 'the old language has one comparison; use nested if(...)';
  return kind === 'name' ? 'a column whose name has spaces stands in backticks' : undefined;
}

const END: Token = { kind: 'end', value: '', at: 0, length: 0 };

function peek(reader: Reader): Token {
  return reader.tokens[reader.next] ?? reader.tokens.at(-1) ?? END;
}

function take(reader: Reader): Token {
  const token = peek(reader);
  reader.next += 1;
  return token;
}

function isOperator(reader: Reader, operators: ReadonlySet<string>): boolean {
  const { kind, value } = peek(reader);
  return kind === 'operator' && operators.has(value);
}

function readComparison(reader: Reader): LegacyNode {
  reader.depth += 1;
  if (reader.depth > MAX_DEPTH)
    throw new LegacyProblem('the expression is nested too deeply', peek(reader));
  const left = readSum(reader);
  if (!isOperator(reader, COMPARISONS)) {
    reader.depth -= 1;
    return left;
  }
  const { value: operator, at } = take(reader);
  const right = readSum(reader);
  if (isOperator(reader, COMPARISONS))
    throw new LegacyProblem('one comparison follows another', peek(reader), 'use nested if(...)');
  reader.depth -= 1;
  return { kind: 'comparison', operator, left, right, at };
}

const readSum = (reader: Reader): LegacyNode => readChain(reader, SUMS, readProduct);
const readProduct = (reader: Reader): LegacyNode => readChain(reader, PRODUCTS, readValue);
const SUMS = new Set(['+', '-']);
const PRODUCTS = new Set(['*', '/']);

function readChain(
  reader: Reader,
  operators: ReadonlySet<string>,
  readOperand: (reader: Reader) => LegacyNode,
): LegacyNode {
  let left = readOperand(reader);
  while (isOperator(reader, operators)) {
    const { value: operator, at } = take(reader);
    left = { kind: 'arithmetic', operator, left, right: readOperand(reader), at };
  }
  return left;
}

function readValue(reader: Reader): LegacyNode {
  const token = take(reader);
  const { kind, value, at } = token;
  if (kind === 'number') return { kind: 'number', text: value, at };
  if (kind === 'text') return { kind: 'text', value, at };
  if (kind === 'name')
    return isOpening(reader) ? readCall(reader, token) : { kind: 'column', name: value, at };
  if (value === '-') return readNegative(reader, at);
  if (value === '(') {
    const inner = readComparison(reader);
    expect(reader, ')');
    return inner;
  }
  const what =
    kind === 'end' ? 'the expression ends too early' : `\`${value}\` is not expected here`;
  throw new LegacyProblem(what, token);
}

function readNegative(reader: Reader, at: number): LegacyNode {
  reader.depth += 1;
  if (reader.depth > MAX_DEPTH)
    throw new LegacyProblem('the expression is nested too deeply', { at });
  const operand = readValue(reader);
  reader.depth -= 1;
  return { kind: 'negative', operand, at };
}

const OPENING = new Set(['(']);
const isOpening = (reader: Reader): boolean => isOperator(reader, OPENING);

function expect(reader: Reader, operator: string): void {
  const token = take(reader);
  if (token.kind === 'operator' && token.value === operator) return;
  const found = token.kind === 'end' ? 'the end' : `\`${token.value}\``;
  throw new LegacyProblem(`\`${operator}\` is expected here, not ${found}`, token);
}

function readCall(reader: Reader, token: Token): LegacyNode {
  const name = token.value.toLowerCase();
  const wanted = Object.hasOwn(FUNCTIONS, name) ? FUNCTIONS[name] : undefined;
  if (wanted === undefined) {
    const near = nearestName(name, Object.keys(FUNCTIONS));
    const known = `the functions are ${Object.keys(FUNCTIONS).join(', ')}`;
    throw new LegacyProblem(
      `there is no function \`${token.value}\``,
      token,
      near ? `did you mean ${near}? ${known}` : known,
    );
  }
  const operands = readOperands(reader);
  const least = name === 'round' ? 1 : wanted;
  if (operands.length < least || operands.length > wanted)
    throw new LegacyProblem(
      `\`${name}\` takes ${wanted} ${wanted === 1 ? 'value' : 'values'}, not ${operands.length}`,
      token,
    );
  return { kind: 'call', name, operands, at: token.at };
}

const COMMA = new Set([',']);

function readOperands(reader: Reader): readonly LegacyNode[] {
  expect(reader, '(');
  const operands: LegacyNode[] = [readComparison(reader)];
  while (isOperator(reader, COMMA)) {
    take(reader);
    operands.push(readComparison(reader));
  }
  expect(reader, ')');
  return operands;
}
